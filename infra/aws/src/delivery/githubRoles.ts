import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnOIDCProvider, FederatedPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { REGION } from '../naming/names.js';
import { allowing } from '../permissions/allowing.js';
import { GITHUB_ENVIRONMENTS } from './githubEnvironments.js';
import { SOURCE } from './source.js';

/** Who signs the tokens of workflow runs, and for whom `aws-actions/configure-aws-credentials` asks for them. */
const ISSUER = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';

/** What `npm run -s deploy` calls. */
const START_AND_WATCH = [
  'codepipeline:GetPipelineExecution',
  'codepipeline:GetPipelineState',
  'codepipeline:StartPipelineExecution',
];

/** Time for all stages of a pipeline, with an approval. `deploy.yml` asks for credentials of this length. */
export const DEPLOYMENT_HOURS = 4;

/**
 * A role for each environment of GitHub, for runs of this repository in that environment alone. It starts one pipeline and
 * looks at it; everything else is done by the role of the pipeline. The ARN is an output of the stack.
 */
export const githubRoles = (scope: Construct): void => {
  const { account } = Stack.of(scope);
  const provider = new CfnOIDCProvider(scope, 'github', { url: `https://${ISSUER}`, clientIdList: [AUDIENCE] });
  // An account has one provider for an issuer: roles of other projects may use it too.
  provider.applyRemovalPolicy(RemovalPolicy.RETAIN);
  for (const { environment, pipeline, stage } of GITHUB_ENVIRONMENTS) {
    const subject = `repo:${SOURCE.repository}:environment:${environment}`;
    const conditions = { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subject } };
    const role = new Role(scope, `github-${stage}-role`, {
      assumedBy: new FederatedPrincipal(provider.attrArn, conditions, 'sts:AssumeRoleWithWebIdentity'),
      maxSessionDuration: Duration.hours(DEPLOYMENT_HOURS),
    });
    allowing(role)({
      actions: START_AND_WATCH,
      resources: [`arn:aws:codepipeline:${REGION}:${account}:${pipeline}`],
    });
    new CfnOutput(scope, `DeployRole${environment}`, { value: role.roleArn });
  }
};
