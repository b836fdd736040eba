import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bench } from './bench.js';
import type { Figure } from './report/figure.js';
import { settled } from './service/stage.js';
import type { BenchSizes } from './sizes.js';

const TINY: BenchSizes = {
  logServer: { warmUp: 1, appends: 64, backlog: 200 },
  engines: { append: { rounds: 1, lanes: 8, each: 4 }, catchUp: { users: 40, oneByOne: 20 } },
  service: {
    members: 2,
    idleMs: 0,
    cost: { rounds: 1, operations: 3 },
    visibility: { busy: { perSecond: 50, commands: 6 }, quiet: { perSecond: 20, commands: 2 } },
  },
  starts: 1,
};
const STALE = 'P12 reads older than their token';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-bench-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('bench', () => {
  it('P1 P2 P9 P12 P14 P16 measures each figure of the programs as they are started, and finds no read older than its token', async () => {
    const figures: Figure[] = [];
    await bench({ folder, sizes: TINY, passwordHash: 'bcrypt:4' }, (known) => void figures.push(...known));
    expect(figures.map(({ name }) => name)).toEqual([
      'log server: durable appends',
      'log server: catch-up',
      'P16 command without HTTP',
      'P9 projector catch-up',
      'P9 against one event a transaction',
      'P1 login',
      'P2 register',
      'P12 visible after, p50',
      'P12 visible after, p99',
      STALE,
      'P14 idle penalty',
      'ready after npm start on an existing folder',
    ]);
    expect(figures.find(({ name }) => name === STALE)?.measured).toBe(0);
    for (const { name, measured, how } of figures.filter((figure) => figure.name !== STALE)) {
      expect([name, Number.isFinite(measured), measured > 0]).toEqual([name, true, true]);
      expect(how).not.toMatch(/NaN|Infinity|undefined/);
    }
  }, 120_000);
});

describe('settled', () => {
  it('gives up on what does not take effect', async () => {
    const progress = async () => ({ mails: 0, position: 0n });
    await expect(settled({ progress }, { mails: 1 }, 0)).rejects.toThrow('did not take effect in time');
  });
});
