import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { testEventStore } from '../../test/eventStore.js';
import { type Answer, expectedAnswers, parseAnswers, pick } from '../../test/golden/answers.js';

const folder = join(import.meta.dirname, '..', '..', 'test', 'golden');

/** Asks the cases in a process of their own, as the client's failures may end it. */
async function ask(url: string, cases: string): Promise<Answer[]> {
  const golden = spawn(process.execPath, [join(folder, 'golden.mjs'), url, cases], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, DB_CLIENT_FROM: `${folder}/` },
  });
  const ended = once(golden, 'exit');
  const output = await text(golden.stdout);
  expect(await ended).toEqual([0, null]);
  return parseAnswers(output);
}

describe('the log server', () => {
  it('answers as a real EventStoreDB 24.2 does', async () => {
    const expected = expectedAnswers();
    const store = await testEventStore();
    try {
      const given = new Map((await ask(store.url, pick(expected))).map((answer) => [answer.case, answer]));
      const differing = expected.filter((answer) => JSON.stringify(answer) !== JSON.stringify(given.get(answer.case)));
      expect(differing.map((answer) => given.get(answer.case) ?? answer.case)).toEqual(differing);
      expect(expected.length).toBeGreaterThan(200);
    } finally {
      await store.close();
    }
  }, 150_000);
});
