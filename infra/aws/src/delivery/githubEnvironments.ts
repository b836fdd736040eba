/** An environment of GitHub and what its workflow deploys with. */
export interface GithubEnvironment {
  /** Name at GitHub, with a capital. The workflow of the same name in lower case deploys to it. */
  environment: 'Development' | 'Staging' | 'Production';
  /** Its variable PIPELINE: a pipeline of `DELIVERIES`. */
  pipeline: string;
  /** Its variable PIPELINE_STAGE: the environment of AWS. */
  stage: 'development' | 'staging' | 'production';
}

export const GITHUB_ENVIRONMENTS: readonly GithubEnvironment[] = [
  { environment: 'Development', pipeline: 'ums-development', stage: 'development' },
  { environment: 'Staging', pipeline: 'ums-staging', stage: 'staging' },
  { environment: 'Production', pipeline: 'ums-production', stage: 'production' },
];
