import type { Values } from './workflowFile.js';

/** What expressions can name, as far as it is known on this machine. */
export interface Contexts {
  /** Values by full name, such as `github.sha`. */
  known: Readonly<Record<string, string>>;
  /** The inputs of the reusable workflow or action that is being planned. */
  inputs: Values;
}

/** A text contains an expression whose value only GitHub knows. The message says which. */
export class UnknownHere extends Error {
  override readonly name = 'UnknownHere';
}

/** A condition has a form that this program does not understand. */
export class ConditionNotUnderstood extends Error {
  override readonly name = 'ConditionNotUnderstood';
}

const EXPRESSION = /\$\{\{([^{}]*)\}\}/g;

/** The value of a name. An action that is not run has no outputs, and GitHub takes a missing output as empty. */
const lookUp = (name: string, { known, inputs }: Contexts): string | undefined => {
  const [context, field = ''] = name.split('.');
  if (context === 'inputs') return inputs[field]?.toString();
  return known[name] ?? (context === 'steps' ? '' : undefined);
};

/**
 * Replaces every `${{ name }}` in a text by its value.
 * @throws UnknownHere when a value is not known on this machine.
 */
export const resolveText = (text: string, contexts: Contexts): string =>
  text.replace(EXPRESSION, (_expression, written: string) => {
    const name = written.trim();
    const value = lookUp(name, contexts);
    if (value === undefined) throw new UnknownHere(`it needs ${name} of GitHub`);
    return value;
  });

const COMPARISON = /^([\w.-]+) (==|!=) '([^']*)'$/;

/**
 * Whether the condition of a step or job holds. The workflows of this repository use one form: a name compared with a text.
 * @throws ConditionNotUnderstood for every other form.
 * @throws UnknownHere when the value is not known on this machine.
 */
export const conditionHolds = (condition: string, contexts: Contexts): boolean => {
  const [, name, operator, expected] = COMPARISON.exec(condition) ?? [];
  if (name === undefined) throw new ConditionNotUnderstood(`The condition "${condition}" is not understood.`);
  const value = lookUp(name, contexts);
  if (value === undefined) throw new UnknownHere(`its condition needs ${name} of GitHub`);
  return (value === expected) === (operator === '==');
};
