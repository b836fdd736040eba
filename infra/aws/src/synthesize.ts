import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { umsApp } from './umsApp.js';

/**
 * Writes the templates of all stacks, without a connection to AWS.
 * @param outdir folder of the templates
 * @throws Error when a rule of cdk-nag finds something that is not accepted with a reason.
 */
export const synthesize = (outdir: string): readonly CloudFormationStackArtifact[] =>
  umsApp(outdir).synth().stacksRecursively;

/** One line for a stack: its name, its number of resources, and its template. */
export const lineOf = ({ stackName, template, templateFullPath }: CloudFormationStackArtifact): string => {
  const { Resources = {} } = template as { Resources?: Record<string, unknown> };
  return `${stackName}: ${Object.keys(Resources).length} resources, ${templateFullPath}`;
};
