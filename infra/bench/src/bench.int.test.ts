import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FROM_SOURCES } from '../../../notifier/test/pictures/fromSources.js';
import { BENCH_PARTS, bench } from './bench.js';
import { DIRECTORY_READS } from './directory/directoryReads.js';
import { FEED_READS } from './history/feedReads.js';
import type { Figure } from './report/figure.js';
import { waitForProgress } from './service/measuredService.js';
import { type BenchSizes, SIZES } from './sizes.js';

const VERIFIER = join(import.meta.dirname, '..', '..', 'verifier', 'src', 'main.ts');
const TINY: BenchSizes = {
  logServer: { warmUp: 1, appends: 64, backlog: 200 },
  useCases: {
    command: { rounds: 1, lanes: 8, perUser: 4 },
    authentication: { tokens: 20, repeats: 200 },
    catchUp: { users: 40, oneByOne: 20 },
  },
  // Fewer of the cheapest reads could take less than the ten milliseconds in which the kernel counts.
  directory: { few: 200, many: 400, rounds: 1, reads: 400 },
  processes: { requests: 50, starts: 1, users: 100 },
  history: { events: 20, rounds: 1, reads: 50 },
  feed: { few: 500, many: 1_000, rounds: 1, reads: 300 },
  auditors: { events: 20_000, auditors: 3, users: 2, rounds: 1, reads: 20, perSecond: 100 },
  verify: { events: 100, program: [...FROM_SOURCES, VERIFIER] },
  notary: { users: 40, leaves: 1_000, rounds: 1, proofs: 100 },
  notaryLag: { users: 2, rounds: 1, commands: 10, perSecond: 50 },
  pictures: { rounds: 1, pictures: 1, width: 400, height: 300, execArgv: FROM_SOURCES },
  service: {
    users: 2,
    idleMs: 0,
    cost: { rounds: 1, operations: 3 },
    visibility: { busy: { perSecond: 50, commands: 6 }, quiet: { perSecond: 20, commands: 2 } },
  },
  flood: { users: 2, rounds: 1, connections: 30, logIns: 3 },
  // What a service does right after its users were created, taken for its idle cost, could exceed the cost of a few operations.
  operations: { users: 2, rounds: 1, operations: 8, cheapOperations: 200, idleMs: 0, settleMs: 0 },
  starts: 1,
  // The part has a test of its own.
  engines: SIZES.engines,
};
/** Differences of two costs, which may be too small to measure, and what is not measured here. */
const MAY_BE_ZERO = ['P24 history page of 50', 'P24 profile as of a moment', 'idle, Node 24, bcrypt:4'];
const STALE_READS = 'P12 reads older than their token';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-bench-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('bench', () => {
  it('P1 P2 P4 P5 P6 P7 P8 P9 P10 P11 P12 P14 P16 P17 P18 P19 P20 P24 P25 P26 P27 P28 measures every figure, and finds no read older than its token', async () => {
    const figures: Figure[] = [];
    await bench(
      { folder, sizes: TINY, passwordHash: 'bcrypt:4', nodes: [{ name: 'Node 24', env: {} }] },
      (measured) => void figures.push(...measured),
      BENCH_PARTS.filter((part) => part !== 'counts' && part !== 'engines'),
    );
    expect(figures.map(({ name }) => name)).toEqual([
      'log server: durable appends',
      'log server: subscription catch-up',
      'P16 command without HTTP',
      'P5 check of an access token',
      'P9 projector catch-up',
      'P10 batches over one event per transaction',
      'P11 rebuild of a projection',
      'P7 deep page',
      'P8 first page',
      ...DIRECTORY_READS.map((read) => `P20 ${read}`),
      'P18 memory of the five processes, idle',
      'P18 memory of the five processes, after requests',
      'P18 growth of their memory',
      'P19 start of command-api',
      'P19 start of query-api',
      'P19 start of query-api, with many users',
      'P24 history page of 50',
      'P24 profile as of a moment',
      'P27 projection lag beside the notary, p99',
      'P27 notary catch-up',
      'P28 inclusion proof',
      ...FEED_READS.map((read) => `P25 feed: ${read}`),
      'F-31 reads beside 3 slow auditors, p99',
      'P26 verify an export',
      'P26 memory of the verifier',
      'P17 three squares of a picture',
      'P17 memory of the process',
      'P17 refusal of too many pixels',
      'P1 login',
      'P2 registration',
      'P12 time until visible, p50',
      'P12 time until visible, p99',
      STALE_READS,
      'P14 time until visible at a slow pace',
      'R-12 log-ins of others in a flood of registrations',
      ...[
        'log in',
        'register and confirm',
        'P6 refresh',
        'P4 own user',
        'list of 50',
        'idle',
        'memory after this load',
      ].map((operation) => `${operation}, Node 24, bcrypt:4`),
      'start on an existing folder, Node 24',
    ]);
    expect(figures.find(({ name }) => name === STALE_READS)?.measured).toBe(0);
    for (const { name, measured, details } of figures.filter((figure) => figure.name !== STALE_READS)) {
      expect([name, Number.isFinite(measured), measured > 0 || MAY_BE_ZERO.includes(name)]).toEqual([name, true, true]);
      expect(details).not.toMatch(/NaN|Infinity|undefined/);
    }
  }, 1_200_000);
});

describe('waitForProgress', () => {
  it('throws if the progress is not reached in time', async () => {
    const progress = async () => ({ mails: 0, position: 0n });
    await expect(waitForProgress({ progress }, { mails: 1 }, 0)).rejects.toThrow('expected 1 mails');
  });
});
