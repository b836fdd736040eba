import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { testEventStore } from '../../test/eventStore.js';
import { type Answer, expectedAnswers, parseAnswers } from '../../test/golden/answers.js';
import { CASE_GROUPS } from '../../test/golden/caseGroups.js';
import { TYPESCRIPT_LOADER } from '../../test/typescriptLoader.js';

const testFolder = join(import.meta.dirname, '..', '..', 'test');

/** Runs cases against a new event log, in a child process, because failures of the client may end the process. */
const run = async (group: string): Promise<Answer[]> => {
  const store = await testEventStore();
  try {
    const script = [TYPESCRIPT_LOADER, join(testFolder, 'runGolden.ts')] as const;
    const golden = spawn(process.execPath, ['--import', ...script, store.url, group], {
      stdio: ['ignore', 'pipe', 'inherit'],
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
    const answers = await Promise.all(Object.keys(CASE_GROUPS).map(run));
    const given = new Map(answers.flat().map((answer) => [answer.case, answer]));
    const differing = expected.filter((answer) => !isDeepStrictEqual(answer, given.get(answer.case)));
    expect(differing.map((answer) => given.get(answer.case) ?? answer.case)).toEqual(differing);
    expect(expected.length).toBeGreaterThan(290);
  }, 600_000);
});
