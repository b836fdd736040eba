/** Where builds run. `privilegedMode` lets them use Docker. */
export const BUILD_IMAGE = {
  type: 'LINUX_CONTAINER',
  image: 'aws/codebuild/standard:7.0',
  privilegedMode: true,
} as const;

/** A build specification of CodeBuild with commands that run one after the other; the first that fails ends the build. */
export const buildSpec = (commands: readonly string[], more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ version: '0.2', phases: { build: { 'on-failure': 'ABORT', commands } }, ...more });
