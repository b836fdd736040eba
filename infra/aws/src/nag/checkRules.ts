import { type App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { accept } from './accept.js';
import { ACCEPTED, type Accepted } from './accepted.js';

const isAcceptedAt = ({ type, at, environments }: Accepted, resource: CfnResource): boolean =>
  resource.cfnResourceType === type &&
  (at === undefined || resource.node.path.split('/').includes(at)) &&
  (environments?.some((name) => Stack.of(resource).stackName.startsWith(`ums-${name}-`)) ?? true);

/** Lets cdk-nag check every template while it is synthesised. A finding that is not accepted makes `synth` fail. */
export const checkRules = (app: App): void => {
  for (const construct of app.node.findAll()) {
    if (!CfnResource.isCfnResource(construct)) continue;
    for (const accepted of ACCEPTED)
      if (isAcceptedAt(accepted, construct)) accept(construct, accepted.rule, accepted.reason);
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
};
