import type { EnvironmentName } from '../size/environments.js';

/** A pipeline of CodePipeline. */
export interface Delivery {
  /** Name of the pipeline. */
  pipeline: string;
  /** The branch of its commits. */
  branch: string;
  /** Environments of AWS in the order of their deployment, with an approval by a person between two. */
  environments: readonly EnvironmentName[];
}

/**
 * The pipelines. That of production tries a version in staging first. Staging has one of its own as well, so that a candidate
 * that nobody approves does not hold up the next one.
 */
export const DELIVERIES: readonly Delivery[] = [
  { pipeline: 'ums-development', branch: 'development', environments: ['development'] },
  { pipeline: 'ums-test', branch: 'development', environments: ['test'] },
  { pipeline: 'ums-staging', branch: 'staging', environments: ['staging'] },
  { pipeline: 'ums-production', branch: 'production', environments: ['staging', 'production'] },
];
