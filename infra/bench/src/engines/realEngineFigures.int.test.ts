import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnOwn } from '../../../engines/test/describeOn.js';
import type { Figure } from '../report/figure.js';
import { type RealEngineSizes, realEngineFigures } from './realEngineFigures.js';

const TINY: RealEngineSizes = {
  backlogUsers: 60,
  users: 2,
  idleMs: 1_000,
  settleMs: 0,
  visibility: { busy: { perSecond: 50, commands: 6 }, quiet: { perSecond: 20, commands: 2 } },
  delivery: { perSecond: 20, commands: 6 },
  sink: { rounds: 1, operations: 40 },
};

describeOnOwn(['Kafka', 'OpenSearch'], 'realEngineFigures', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-bench-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('P12 P13 P14 P15 P21 measures every figure', async () => {
    const figures: Figure[] = [];
    await realEngineFigures(folder, TINY, (measured) => void figures.push(...measured));
    expect(figures.map(({ name }) => name)).toEqual([
      'start with Kafka and OpenSearch',
      'P15 publisher against a bare loop of kafkajs as published',
      'backlog, records published',
      'backlog, growth of memory',
      'idle publisher and consumers',
      'P12 time until visible, p50, with Kafka',
      'P12 time until visible, p99, with Kafka',
      'P12 reads older than their token, with Kafka',
      'P14 time until visible at a slow pace, with Kafka',
      'P13 time until in Kafka, p50',
      'P13 time until in Kafka, p99',
      'P21 request with log lines shipped',
      'P21 request with OpenSearch down',
    ]);
    for (const { name, measured, details } of figures) {
      expect([name, Number.isFinite(measured)]).toEqual([name, true]);
      expect(details).not.toMatch(/NaN|Infinity|undefined/);
    }
  }, 600_000);
});
