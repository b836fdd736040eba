import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultRounds } from '../kit/test/faultRounds.js';
import { killRounds } from './test/recovery/killRounds.js';

const ROUNDS = faultRounds({ usual: 2, full: 200 });
const ROUND_MS = 120_000;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-recovery-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the service when it is killed under load', () => {
  it(
    'F-01 F-10 F-24 loses nothing it acknowledged, keeps vault and read model equal to the log, and sends no mail twice',
    async () => {
      const seed = Date.now() % 2 ** 31;
      const report = await killRounds({ dataDir: join(folder, 'data'), rounds: ROUNDS, seed });
      expect(report).toEqual({ seed, rounds: ROUNDS, acknowledged: expect.any(Number), failures: [] });
      // With fewer acknowledged requests there would have been nothing to lose.
      expect(report.acknowledged).toBeGreaterThan(ROUNDS);
    },
    ROUNDS * ROUND_MS,
  );
});
