/**
 * Where the pipelines take commits from. The connection is made in the console, because its owner must agree at the host of
 * the repository; its ARN is then stored in the parameter, see README.md.
 */
export const SOURCE = {
  connectionArn: '{{resolve:ssm:/ums/source-connection}}',
  /** `<owner>/<name>` on GitHub. */
  repository: '{{resolve:ssm:/ums/source-repository}}',
} as const;
