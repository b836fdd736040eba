import { App, Stage, Tags } from 'aws-cdk-lib';
import { deliveryStack } from './delivery/deliveryStack.js';
import { environmentStacks } from './environmentStacks.js';
import { checkRules } from './nag/checkRules.js';
import { REGION } from './naming/names.js';
import { ENVIRONMENTS } from './size/environments.js';

/** All stacks of all environments, and the pipeline. @param outdir folder of the templates. */
export const umsApp = (outdir: string): App => {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    // Templates that CloudFormation would refuse fail here, too.
    context: { '@aws-cdk/core:validateAgainstDefaultRules': true },
  });
  for (const environment of ENVIRONMENTS) {
    Tags.of(environmentStacks(app, environment)).add('ums:environment', environment);
  }
  deliveryStack(new Stage(app, 'delivery', { env: { region: REGION } }));
  checkRules(app);
  return app;
};
