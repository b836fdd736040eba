import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Action, Job, Step, Workflow } from '../src/plan/workflowFile.js';
import { ROOT } from '../src/root.js';

const WORKFLOWS = '.github/workflows';
const ACTIONS = '.github/actions';

/** The five workflows that GitHub starts; the others are called by these. */
export const STARTED = ['feature', 'development', 'staging', 'release', 'production'] as const;

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const named = (folder: string, file: string) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name, file));

export const workflowPaths: readonly string[] = readdirSync(join(ROOT, WORKFLOWS)).map((name) => join(WORKFLOWS, name));
/** The texts of all workflows and composite actions, by path. */
export const texts: ReadonlyMap<string, string> = new Map(
  [...workflowPaths, ...named(ACTIONS, 'action.yml')].map((path) => [path, textOf(path)]),
);

/** A workflow by its name, such as `feature`. */
export const workflowOf = (name: string): Workflow => parse(textOf(join(WORKFLOWS, `${name}.yml`))) as Workflow;

/** Every job of every workflow, titled `<workflow>.<id>`. */
export const jobs: readonly (Job & { title: string })[] = workflowPaths.flatMap((path) =>
  Object.entries((parse(textOf(path)) as Workflow).jobs).map(([id, job]) => ({
    ...job,
    title: `${path.replace(/^.*\/|\.yml$/g, '')}.${id}`,
  })),
);

const actions = named(ACTIONS, 'action.yml').map((path) => parse(textOf(path)) as Action);

/** Every step of every job and composite action. */
export const steps: readonly Step[] = [
  ...jobs.flatMap((job) => job.steps ?? []),
  ...actions.flatMap((action) => action.runs.steps),
];
