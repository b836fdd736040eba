import { commandsOf, npmScriptOf, wordsOf } from '../plan/commandsOf.js';
import { conditionHolds, resolveText, UnknownHere } from '../plan/expressions.js';
import type { PlannedStep } from '../plan/planWorkflow.js';
import { UNAVAILABLE } from '../unavailable.js';

/** Programs and scripts of `package.json` that need more than this machine and what it has installed. */
const NEEDS: Readonly<Record<string, string>> = {
  docker: 'a Docker engine',
  gh: 'GitHub',
  aws: 'AWS',
  'image:scan': 'a Docker engine',
  deploy: 'AWS',
};

/** Scripts that ask a service which may not exist here, and say so by the exit code UNAVAILABLE. GitHub takes that for a failure. */
const ASK_SERVICES = new Set(['vulnerabilities']);

/** Whether an exit code of a step says that nothing could be checked. */
export const wasUnavailable = ({ run = '' }: PlannedStep, exitCode: number): boolean =>
  exitCode === UNAVAILABLE && commandsOf(run).some((command) => ASK_SERVICES.has(npmScriptOf(command) ?? ''));

/** The variables of a step, resolved. @throws UnknownHere */
export const environmentOf = ({ env }: PlannedStep): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, { text, contexts }]) => [name, resolveText(text, contexts)]));

/**
 * Why a step is not run on this machine, as a clause such as `it needs AWS`; undefined where it is.
 * @throws ConditionNotUnderstood
 */
export const whyNotHere = (step: PlannedStep): string | undefined => {
  if (step.run === undefined) return `it is the action ${step.uses?.split('@')[0]} of GitHub`;
  for (const command of commandsOf(step.run)) {
    const need = NEEDS[npmScriptOf(command) ?? wordsOf(command)[0] ?? ''];
    if (need !== undefined) return `it needs ${need}`;
  }
  try {
    for (const { text, contexts } of step.conditions)
      if (!conditionHolds(text, contexts)) return `its condition is not met: ${text}`;
    environmentOf(step);
    return undefined;
  } catch (error) {
    if (error instanceof UnknownHere) return error.message;
    throw error;
  }
};
