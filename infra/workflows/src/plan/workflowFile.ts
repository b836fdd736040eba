import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

export type Values = Readonly<Record<string, string | number | boolean>>;

/** A step of a job or of a composite action. It has either `run` or `uses`. */
export interface Step {
  name?: string;
  if?: string;
  run?: string;
  uses?: string;
  with?: Values;
  env?: Values;
  'working-directory'?: string;
}

/** A job has either `steps`, or `uses` with the path of a reusable workflow. */
export interface Job {
  name?: string;
  needs?: string | readonly string[];
  if?: string;
  environment?: string;
  permissions?: Readonly<Record<string, string>>;
  'timeout-minutes'?: number;
  env?: Values;
  steps?: readonly Step[];
  uses?: string;
  with?: Values;
}

/** A workflow, as far as it is read here. */
export interface Workflow {
  name: string;
  on: unknown;
  permissions?: Readonly<Record<string, string>>;
  env?: Values;
  jobs: Readonly<Record<string, Job>>;
}

/** A composite action. */
export interface Action {
  name: string;
  runs: { using: string; steps: readonly Step[] };
}

const readYaml = async <T>(root: string, path: string): Promise<T> =>
  parse(await readFile(join(root, path), 'utf8')) as T;

/** Reads a workflow by its path from the root of the repository, such as `.github/workflows/feature.yml`. */
export const readWorkflow = (root: string, path: string): Promise<Workflow> => readYaml(root, path);

/** Reads a composite action by its folder from the root of the repository, such as `.github/actions/setup`. */
export const readAction = (root: string, folder: string): Promise<Action> => readYaml(root, join(folder, 'action.yml'));
