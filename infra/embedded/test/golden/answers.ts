import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notServed } from './notServed.js';

export interface Answer {
  readonly case: string;
  readonly out: unknown;
}

export const parseAnswers = (text: string): Answer[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** What a real EventStoreDB answered to the cases that the embedded server serves. */
export const expectedAnswers = (): Answer[] =>
  parseAnswers(readFileSync(join(import.meta.dirname, 'answers.jsonl'), 'utf8')).filter(
    (answer) => !notServed.some(({ cases }) => cases.test(answer.case)),
  );

/** Cases without a known answer that leave the events which others of them read. */
const preparing = ['sub.all.position.prepare-over-commit'];

/** Cases that wait most of their time, by what they share; each kind may be asked beside the others, on a log of its own. */
const WAITING = [/^(sub\.all|readall)\.position\./, /^sub\.all\./, /^sub\.stream\./];
const kindOf = (name: string): number => WAITING.findIndex((kind) => kind.test(name));

/** Regular expressions that make golden.mjs ask just these cases, each a part of them. */
export const picks = (answers: readonly Answer[]): string[] => {
  const parts = new Map<number, string[]>();
  for (const name of [...answers.map((answer) => answer.case), ...preparing])
    parts.set(kindOf(name), [...(parts.get(kindOf(name)) ?? []), name]);
  return [...parts.values()].map(pick);
};

const pick = (names: readonly string[]): string =>
  `^(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`;
