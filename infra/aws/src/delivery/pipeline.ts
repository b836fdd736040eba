import { CfnPipeline } from 'aws-cdk-lib/aws-codepipeline';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { EnvironmentName } from '../size/environments.js';
import { actionType } from './actionType.js';
import type { Projects } from './buildProjects.js';
import type { Delivery } from './deliveries.js';
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

/** The workflows of GitHub start the pipeline at a commit that has passed, so a push alone must not. */
const sourceStage = (branch: string) => ({
  name: 'source',
  actions: [
    {
      name: 'source',
      actionTypeId: actionType('Source', 'CodeStarSourceConnection'),
      configuration: {
        ConnectionArn: SOURCE.connectionArn,
        FullRepositoryId: SOURCE.repository,
        BranchName: branch,
        OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
        DetectChanges: 'false',
      },
      outputArtifacts: [{ name: 'source' }],
    },
  ],
});

const approvalStage = (topic: Topic, [tried, next]: readonly [EnvironmentName, EnvironmentName]) => ({
  name: 'approval',
  actions: [
    {
      name: 'approval',
      actionTypeId: actionType('Approval', 'Manual'),
      configuration: {
        NotificationArn: topic.topicArn,
        CustomData: `The environment ${tried} runs this version. Deploy it to ${next}?`,
      },
    },
  ],
});

/** source → tests → image → environment, and for production: → approval by a person → production. */
export const pipeline = (
  scope: Construct,
  { pipeline: name, branch, environments }: Delivery,
  { role, artifacts, key, approvals, projects }: PipelineNeeds,
): CfnPipeline =>
  new CfnPipeline(scope, name, {
    name,
    pipelineType: 'V2',
    executionMode: 'QUEUED',
    roleArn: role.roleArn,
    artifactStore: { type: 'S3', location: artifacts, encryptionKey: { id: key.keyArn, type: 'KMS' } },
    stages: [
      sourceStage(branch),
      buildStage('tests', projects.test),
      buildStage('image', projects.image, ['image']),
      ...environments.flatMap((environment, index) => {
        const before = environments[index - 1];
        const deployment = deploymentStage(environment, projects.bundles[environment]);
        return before === undefined ? [deployment] : [approvalStage(approvals, [before, environment]), deployment];
      }),
    ],
  });
