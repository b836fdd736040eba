import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isMet } from '../report/figure.js';
import { countFigures } from './countFigures.js';
import type { Operation, OperationCounts } from './countOperations.js';
import { countServiceOperations } from './countServiceOperations.js';

let folder: string;
let counts: OperationCounts;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-counts-'));
  counts = await countServiceOperations(join(folder, 'data'));
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * The first log-in of a user also reads the data key, which is not cached yet, and begins the sign-in stream, whose maximum
 * age the reconciler appends; later log-ins cost one append. The numbers are the lowest reached so far. Lower them with the code; a
 * higher one needs a reason.
 */
const LOWEST: Record<Operation, { statements: number; appends: number; reads: number }> = {
  register: { statements: 5, appends: 1, reads: 0 },
  confirm: { statements: 12, appends: 2, reads: 2 },
  'log in': { statements: 4, appends: 2, reads: 1 },
  refresh: { statements: 1, appends: 0, reads: 0 },
  'own user': { statements: 1, appends: 0, reads: 0 },
  'list users': { statements: 1, appends: 0, reads: 0 },
};

describe('countFigures', () => {
  it('has a figure for each operation, and all targets are met', () => {
    const figures = countFigures(counts);
    expect(figures.map(({ name }) => name)).toEqual(Object.keys(LOWEST).map((name) => `statements to ${name}`));
    expect(figures.filter((figure) => !isMet(figure))).toEqual([]);
    expect(figures[1]?.details).toBe('and 2 appends, 2 reads of the event log');
  });
});

describe('countOperations', () => {
  it.each(Object.keys(LOWEST) as Operation[])(
    'finds no more statements and calls of the event log to %s',
    (operation) => {
      const { statements, appends, reads } = LOWEST[operation];
      const { statements: sent, logCalls } = counts[operation];
      expect(sent).toHaveLength(statements);
      const calls = (method: string) => logCalls.filter((call) => call === method).length;
      expect([calls('appendToStream'), calls('readStream')]).toEqual([appends, reads]);
    },
  );
});
