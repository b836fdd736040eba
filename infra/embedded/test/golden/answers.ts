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

/** The regular expression that makes golden.mjs ask just these cases. */
export const pick = (answers: readonly Answer[]): string => {
  const names = [...answers.map((answer) => answer.case), ...preparing];
  return `^(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`;
};
