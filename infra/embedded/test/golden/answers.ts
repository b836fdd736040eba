import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UNSUPPORTED_CASES } from './unsupportedCases.js';

export interface Answer {
  readonly case: string;
  readonly out: unknown;
}

export const parseAnswers = (text: string): Answer[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** The answers of a real EventStoreDB to the cases that the embedded server supports. */
export const expectedAnswers = (): Answer[] =>
  parseAnswers(readFileSync(join(import.meta.dirname, 'answers.jsonl'), 'utf8')).filter(
    (answer) => !UNSUPPORTED_CASES.some(({ cases }) => cases.test(answer.case)),
  );

/** Cases without a recorded answer that write events which other cases read. */
const SETUP_CASES = ['sub.all.position.prepare-over-commit'];

/** Cases that mostly wait, grouped by the events they share. Each group runs concurrently, on its own event log. */
const SLOW_GROUPS = [/^(sub\.all|readall)\.position\./, /^sub\.all\./, /^sub\.stream\./];
const groupOf = (name: string): number => SLOW_GROUPS.findIndex((group) => group.test(name));

/** Regular expressions for golden.mjs that together select these cases; each selects one group. */
export const caseFilters = (answers: readonly Answer[]): string[] => {
  const groups = new Map<number, string[]>();
  for (const name of [...answers.map((answer) => answer.case), ...SETUP_CASES])
    groups.set(groupOf(name), [...(groups.get(groupOf(name)) ?? []), name]);
  return [...groups.values()].map(caseFilter);
};

const caseFilter = (names: readonly string[]): string =>
  `^(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`;
