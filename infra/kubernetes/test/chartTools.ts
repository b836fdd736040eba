import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HELM, KUBECONFORM } from '../../engines/src/install/chartPrograms.js';
import { type GoRecipe, installGoProgram } from '../../engines/src/install/installGoProgram.js';
import { announceOnce } from '../../engines/test/announceOnce.js';
import { CHART } from './chartFiles.js';

const SCHEMAS = join(import.meta.dirname, '..', 'schema', '{{ .ResourceKind }}{{ .KindSuffix }}.json');
const MAX_OUTPUT = 10 * 2 ** 20;
/** Helm keeps nothing of what these tests do. */
const NOWHERE = { HELM_CACHE_HOME: '/nowhere', HELM_CONFIG_HOME: '/nowhere', HELM_DATA_HOME: '/nowhere' };

export interface Ended {
  code: number;
  /** What it wrote to stdout. */
  out: string;
  /** What it wrote to both. */
  text: string;
}

/** @param input of a program that reads its stdin. A program that does not may have ended, and closed it, before it is written. */
const run = async (recipe: GoRecipe, args: readonly string[], input?: string): Promise<Ended> => {
  const program = await installGoProgram(recipe, announceOnce);
  const options = { env: { PATH: process.env.PATH, ...NOWHERE }, maxBuffer: MAX_OUTPUT };
  const ending = promisify(execFile)(program, args, options);
  if (input !== undefined) ending.child.stdin?.end(input);
  return await ending.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, text: stdout + stderr }),
    ({ code, stdout, stderr }) => {
      // A program that could not be run has an error in place of a code.
      if (typeof code !== 'number') throw new Error(`${recipe.name} cannot be run: ${code}`);
      return { code, out: stdout, text: stdout + stderr };
    },
  );
};

/** Values that the tests render: the least that must be given, and every option. */
export const VALUES = { required: 'required-values.yaml', everything: 'everything-values.yaml' } as const;
export type ValuesName = keyof typeof VALUES;

const valuesOf = (name: ValuesName): string => join(CHART, 'ci', VALUES[name]);

/** A Helm that was not built by its makers takes Kubernetes 1.20 for the cluster. */
const CLUSTER = ['--kube-version', '1.37.0'];

export const lintChart = (name: ValuesName): Promise<Ended> =>
  run(HELM, ['lint', CHART, '--strict', ...CLUSTER, '--values', valuesOf(name)]);

/** Renders the chart as the release `ums` in the namespace `users`. @param set values that replace those of the file */
export const templateChart = (name: ValuesName, set: readonly string[] = []): Promise<Ended> => {
  const replaced = set.flatMap((value) => ['--set-json', value]);
  return run(HELM, [
    'template',
    'ums',
    CHART,
    '--namespace',
    'users',
    ...CLUSTER,
    '--values',
    valuesOf(name),
    ...replaced,
  ]);
};

/** Compares YAML documents with the schemas of Kubernetes: unknown fields and kinds are errors. */
export const validateObjects = (yaml: string): Promise<Ended> =>
  run(KUBECONFORM, ['-strict', '-summary', '-schema-location', SCHEMAS, '-'], yaml);
