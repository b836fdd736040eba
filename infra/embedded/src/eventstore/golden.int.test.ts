import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { testEventStore } from '../../test/eventStore.js';
import { type Answer, caseFilters, expectedAnswers, parseAnswers } from '../../test/golden/answers.js';

const folder = join(import.meta.dirname, '..', '..', 'test', 'golden');

/** Runs cases against a new event log, in a child process, because failures of the client may end the process. */
const run = async (cases: string): Promise<Answer[]> => {
  const store = await testEventStore();
  try {
    const golden = spawn(process.execPath, [join(folder, 'golden.mjs'), store.url, cases], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH, DB_CLIENT_FROM: `${folder}/` },
    });
    const ended = once(golden, 'exit');
    const output = await text(golden.stdout);
    expect(await ended).toEqual([0, null]);
    return parseAnswers(output);
  } finally {
    await store.close();
  }
};

describe('the event log server', () => {
  it('answers as a real EventStoreDB 24.2 does', async () => {
    const expected = expectedAnswers();
    const answers = await Promise.all(caseFilters(expected).map(run));
    const given = new Map(answers.flat().map((answer) => [answer.case, answer]));
    const differing = expected.filter((answer) => JSON.stringify(answer) !== JSON.stringify(given.get(answer.case)));
    expect(differing.map((answer) => given.get(answer.case) ?? answer.case)).toEqual(differing);
    expect(expected.length).toBeGreaterThan(200);
  }, 150_000);
});
