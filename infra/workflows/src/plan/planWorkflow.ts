import { type Contexts, resolveText } from './expressions.js';
import { jobsInOrder } from './jobsInOrder.js';
import { type Job, readAction, readWorkflow, type Step, type Values } from './workflowFile.js';

export interface PlannedStep {
  /** Jobs and step by their names, such as `Checks / Unit tests / Build`. */
  title: string;
  /** A shell script; undefined where the step is an action. */
  run?: string;
  /** The action, such as `actions/checkout@<commit>`; undefined where the step is a script. */
  uses?: string;
  env: Readonly<Record<string, Located>>;
  /** Conditions of the step and of all that contains it, from the outside in. */
  conditions: readonly Located[];
  /** From the root of the repository. */
  workingDirectory: string;
}

/** A text with the meaning of the names in it, which differs inside of a reusable workflow or action. */
export interface Located {
  text: string;
  contexts: Contexts;
}

interface Surroundings {
  titles: readonly string[];
  env: Readonly<Record<string, Located>>;
  conditions: readonly Located[];
  contexts: Contexts;
}

/**
 * All steps of a workflow in the order in which GitHub may run them: a job after those it needs, with the steps of the
 * reusable workflows and composite actions that it uses in their places.
 * @param known values of expressions on this machine, by full name
 * @throws Error when jobs need each other, or one that does not exist
 */
export const planWorkflow = async (
  root: string,
  name: string,
  known: Readonly<Record<string, string>>,
): Promise<PlannedStep[]> => {
  const contexts = { known, inputs: {} };
  return planJobs(root, `.github/workflows/${name}.yml`, { titles: [], env: {}, conditions: [], contexts });
};

const planJobs = async (root: string, path: string, around: Surroundings): Promise<PlannedStep[]> => {
  const workflow = await readWorkflow(root, path);
  const planned: PlannedStep[] = [];
  for (const [id, job] of jobsInOrder(workflow)) {
    const here = within(around, job.name ?? id, { ...workflow.env, ...job.env }, job.if);
    planned.push(...(await planJob(root, job, here)));
  }
  return planned;
};

const planJob = (root: string, { uses, with: given = {}, steps = [] }: Job, here: Surroundings) =>
  uses === undefined
    ? planSteps(root, steps, here)
    : planJobs(root, uses, { ...here, contexts: withInputs(here.contexts, given) });

const planSteps = async (root: string, steps: readonly Step[], around: Surroundings): Promise<PlannedStep[]> => {
  const planned: PlannedStep[] = [];
  for (const step of steps) {
    const { name, run, uses, with: given = {}, 'working-directory': workingDirectory = '.' } = step;
    const here = within(around, name ?? uses ?? '', step.env, step.if);
    if (uses?.startsWith('./')) {
      const { runs } = await readAction(root, uses);
      planned.push(...(await planSteps(root, runs.steps, { ...here, contexts: withInputs(here.contexts, given) })));
      continue;
    }
    const { titles, env, conditions } = here;
    const what = { ...(run === undefined ? {} : { run }), ...(uses === undefined ? {} : { uses }) };
    planned.push({ title: titles.join(' / '), ...what, env, conditions, workingDirectory });
  }
  return planned;
};

const within = (around: Surroundings, title: string, env: Values = {}, condition?: string): Surroundings => {
  const { contexts } = around;
  const located = Object.entries(env).map(([name, value]) => [name, { text: String(value), contexts }] as const);
  return {
    contexts,
    titles: [...around.titles, title],
    env: { ...around.env, ...Object.fromEntries(located) },
    conditions: condition === undefined ? around.conditions : [...around.conditions, { text: condition, contexts }],
  };
};

const withInputs = (contexts: Contexts, given: Values): Contexts => ({
  ...contexts,
  inputs: Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      typeof value === 'string' ? resolveText(value, contexts) : value,
    ]),
  ),
});
