import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { codeOf } from '@ums/kit/postgres/errors';
import { StartRefused } from '@ums/kit/startRefused';
import { commandsOf } from '../plan/commandsOf.js';
import { type PlannedStep, planWorkflow } from '../plan/planWorkflow.js';
import { localContexts } from './localContexts.js';
import { type RunScript, runScript } from './runScript.js';
import { environmentOf, wasUnavailable, whyNotHere } from './whyNotHere.js';

interface Surroundings {
  root: string;
  env?: NodeJS.ProcessEnv;
  /** Gets each line of the report. */
  print?: (line: string) => void;
  run?: RunScript;
}

const USAGE = 'npm run -s ci:local -- <workflow> [--leave-out <command>]...';

/**
 * Runs the steps of a workflow in their order without GitHub, up to the first that fails. A step that needs GitHub, AWS or
 * Docker is not run, and neither is one with a command that begins with a text given as `--leave-out`. What several jobs do
 * alike is done once. The report says all of this.
 * @returns the last line of the report
 * @throws StartRefused when a step fails, the workflow does not exist, or a text of `--leave-out` fits no command
 */
export const ciLocal = async (
  args: readonly string[],
  { root, env = process.env, print = printLine, run = runScript }: Surroundings,
): Promise<string> => {
  const { workflow, leftOut } = await argumentsOf(args, root);
  const steps = await planWorkflow(root, workflow, await localContexts(root, env));
  refuseUnused(leftOut, steps);
  const counts = { passed: 0, 'run before': 0, 'left out': 0, 'not run here': 0 };
  const done = new Set<string>();
  for (const step of steps) {
    const aside = whyAside(step, leftOut, done);
    print(`${step.title}: ${aside === undefined ? commandsOf(step.run ?? '').join(' && ') : aside.join(', ')}`);
    if (aside === undefined) {
      const variables = { ...env, CI: 'true', ...environmentOf(step) };
      const code = await run({ run: step.run ?? '', folder: join(root, step.workingDirectory), env: variables });
      if (code !== 0 && !wasUnavailable(step, code))
        throw new StartRefused(`${step.title}: failed with exit code ${code}.`);
      if (code !== 0) print(`${step.title}: not run here, a service that it asks does not exist`);
      done.add(scriptOf(step));
      counts[code === 0 ? 'passed' : 'not run here']++;
    } else counts[aside[0]]++;
  }
  const summary = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  return `${workflow}: ${steps.length} steps, ${summary.join(', ')}`;
};

/** What becomes of a step that is not run now, and why; undefined for all others. */
const whyAside = (
  step: PlannedStep,
  leftOut: readonly string[],
  done: ReadonlySet<string>,
): readonly ['not run here' | 'left out' | 'run before', string] | undefined => {
  const why = whyNotHere(step);
  if (why !== undefined) return ['not run here', why];
  const text = textLeftOut(step, leftOut);
  if (text !== undefined) return ['left out', `by --leave-out '${text}'`];
  return done.has(scriptOf(step)) ? ['run before', 'for a job above'] : undefined;
};

const printLine = (line: string): void => void process.stdout.write(`${line}\n`);

/** Equal for steps that do the same. On GitHub each job has a machine of its own; here they share one, so once is enough. */
const scriptOf = (step: PlannedStep): string => JSON.stringify([step.run, step.workingDirectory, environmentOf(step)]);

const argumentsOf = async (args: readonly string[], root: string) => {
  const { values, positionals } = parsed(args);
  const names = (await readdir(join(root, '.github/workflows'))).map((file) => file.replace(/\.yml$/, ''));
  const [workflow = ''] = positionals;
  if (positionals.length !== 1 || !names.includes(workflow))
    throw new StartRefused(`${USAGE}\nWorkflows: ${names.sort().join(', ')}`);
  return { workflow, leftOut: values['leave-out'] };
};

const parsed = (args: readonly string[]) => {
  const options = { 'leave-out': { type: 'string', multiple: true, default: [] as string[] } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    if (codeOf(error)?.startsWith('ERR_PARSE_ARGS')) throw new StartRefused(USAGE);
    throw error;
  }
};

/** The first of the texts with which a command of the step begins. */
const textLeftOut = ({ run = '' }: PlannedStep, texts: readonly string[]): string | undefined =>
  texts.find((text) => commandsOf(run).some((command) => command.startsWith(text)));

const refuseUnused = (texts: readonly string[], steps: readonly PlannedStep[]): void => {
  const unused = texts.find((text) => !steps.some((step) => textLeftOut(step, [text])));
  if (unused !== undefined) throw new StartRefused(`No command begins with the text of --leave-out '${unused}'.`);
};
