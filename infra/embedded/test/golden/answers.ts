import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Answer {
  readonly case: string;
  readonly out: unknown;
}

export const parseAnswers = (text: string): Answer[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/**
 * The answers of a real EventStoreDB, all of which the embedded server reproduces. It differs where no answer is
 * recorded: links are not resolved, there are no persistent subscriptions, metadata streams cannot be deleted, and an
 * append of events from before a soft delete is answered with their position. BatchAppend is not advertised, so the client
 * uses Append, whose errors differ for deleted streams, appends above the size limit, and an empty stream name or event type.
 */
export const expectedAnswers = (): Answer[] =>
  parseAnswers(readFileSync(join(import.meta.dirname, 'answers.jsonl'), 'utf8'));

/** Cases without a recorded answer that write events which other cases read. */
export const SETUP_CASES = ['sub.all.position.prepare-over-commit'];
