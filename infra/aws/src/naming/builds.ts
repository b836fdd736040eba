/** Where builds run. `privilegedMode` lets them use Docker. */
export const BUILD_IMAGE = {
  type: 'LINUX_CONTAINER',
  image: 'aws/codebuild/standard:7.0',
  privilegedMode: true,
} as const;

/** Programs of that image that builds of this repository need: Node, a JDK for tests of Kafka and OpenSearch, Go for those of S3. */
const RUNTIMES = { nodejs: '22', java: 'corretto21', golang: '1.22' } as const;

/** A build specification of CodeBuild with commands that run one after the other; the first that fails ends the build. */
export const buildSpec = (commands: readonly string[], more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ version: '0.2', phases: { build: { 'on-failure': 'ABORT', commands } }, ...more });

/** The same, for commands that need Node. */
export const repositorySpec = (commands: readonly string[], more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    version: '0.2',
    phases: { install: { 'runtime-versions': RUNTIMES }, build: { 'on-failure': 'ABORT', commands } },
    ...more,
  });
