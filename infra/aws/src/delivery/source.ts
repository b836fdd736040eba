/**
 * Where the pipeline takes commits from. The connection is made in the console, because its owner must agree at the host of
 * the repository; its ARN is then stored in the parameter, see README.md.
 */
export const SOURCE = {
  connectionArn: '{{resolve:ssm:/ums/source-connection}}',
  repository: '{{resolve:ssm:/ums/source-repository}}',
  branch: 'production',
} as const;
