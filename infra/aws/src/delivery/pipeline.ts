import { CfnPipeline } from 'aws-cdk-lib/aws-codepipeline';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { actionType } from './actionType.js';
import type { Projects } from './buildProjects.js';
import { deploymentStage } from './deploymentStage.js';
import { SOURCE } from './source.js';

export interface PipelineNeeds {
  role: Role;
  /** Name of the bucket. */
  artifacts: string;
  key: Key;
  approvals: Topic;
  projects: Projects;
}

const buildStage = (name: string, project: string, outputs: readonly string[] = []) => ({
  name,
  actions: [
    {
      name,
      actionTypeId: actionType('Build', 'CodeBuild'),
      configuration: { ProjectName: project },
      inputArtifacts: [{ name: 'source' }],
      outputArtifacts: outputs.map((output) => ({ name: output })),
    },
  ],
});

const sourceStage = {
  name: 'source',
  actions: [
    {
      name: 'source',
      actionTypeId: actionType('Source', 'CodeStarSourceConnection'),
      configuration: {
        ConnectionArn: SOURCE.connectionArn,
        FullRepositoryId: SOURCE.repository,
        BranchName: SOURCE.branch,
        OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
      },
      outputArtifacts: [{ name: 'source' }],
    },
  ],
};

const approvalStage = (topic: Topic) => ({
  name: 'approval',
  actions: [
    {
      name: 'approval',
      actionTypeId: actionType('Approval', 'Manual'),
      configuration: {
        NotificationArn: topic.topicArn,
        CustomData: 'Staging runs this version. Deploy it to production?',
      },
    },
  ],
});

/** source → tests → image → staging → approval by a person → production. */
export const pipeline = (scope: Construct, { role, artifacts, key, approvals, projects }: PipelineNeeds): CfnPipeline =>
  new CfnPipeline(scope, 'pipeline', {
    name: 'ums',
    pipelineType: 'V2',
    executionMode: 'QUEUED',
    roleArn: role.roleArn,
    artifactStore: { type: 'S3', location: artifacts, encryptionKey: { id: key.keyArn, type: 'KMS' } },
    stages: [
      sourceStage,
      buildStage('test', projects.test),
      buildStage('image', projects.image, ['image']),
      deploymentStage('staging', projects.bundles.staging),
      approvalStage(approvals),
      deploymentStage('production', projects.bundles.production),
    ],
  });
