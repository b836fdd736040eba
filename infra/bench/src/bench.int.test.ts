import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import pg from 'pg';
import { engineFigures } from './engines/engineFigures.js';
import { cpuOfTree } from './load/cpuOfTree.js';
import { UNLIMITED } from './load/unlimited.js';
import { logServerFigures } from './log-server/logServerFigures.js';
import { stageOf, wholeService } from './program/launches.js';
import type { Figure } from './report/figure.js';
import { serviceFigures } from './service/serviceFigures.js';
import { type Stage, settled } from './service/stage.js';

const passwordHash = 'bcrypt:4';
let folder: string;
let running: RunningStart;
let stage: Stage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-bench-'));
  const launch = wholeService(join(folder, 'data'), { ...UNLIMITED, PASSWORD_HASH: passwordHash });
  running = await start({
    config: readConfig(launch.env),
    env: launch.env ?? {},
    logFor: () => silentLog,
    fsync: false,
    onFatal: (error) => {
      throw error;
    },
  });
  const said = launch.ready.exec(`API docs  ${running.api}/apidocs/\n  Inbox     ${running.inbox}/\n`);
  if (said === null) throw new Error('what the service says is not understood');
  const program = { said, cpu: () => cpuOfTree(process.pid), stop: async () => undefined };
  stage = await stageOf(program, launch);
});

afterAll(async () => {
  await stage.close();
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

/** A figure that is not a number, or nothing at all, was not measured. */
const areMeasured = (figures: readonly Figure[], names: readonly string[]): void => {
  expect(figures.map(({ name }) => name)).toEqual(names);
  for (const { name, measured, how } of figures) {
    expect([name, Number.isFinite(measured), measured > 0]).toEqual([name, true, true]);
    expect(how).not.toMatch(/NaN|Infinity|undefined/);
  }
};

describe('the figures of the bench', () => {
  it('P1 P2 P12 P14 measures the service over HTTP, and finds no read older than its token', async () => {
    const figures = await serviceFigures(stage, {
      members: 2,
      idleMs: 0,
      cost: { rounds: 1, operations: 3 },
      visibility: { busy: { perSecond: 50, commands: 6 }, quiet: { perSecond: 20, commands: 2 } },
    });
    const stale = figures.find(({ name }) => name === 'P12 reads older than their token');
    expect(stale?.measured).toBe(0);
    areMeasured(
      figures.filter((figure) => figure !== stale),
      ['P1 login', 'P2 register', 'P12 visible after, p50', 'P12 visible after, p99', 'P14 idle penalty'],
    );
  });

  it('P9 P16 measures commands and projector on the engines, into a read model of its own', async () => {
    const readModel = new URL(running.engines.postgres);
    const client = new pg.Client({ connectionString: readModel.href });
    await client.connect();
    readModel.pathname = `/read_${randomBytes(4).toString('hex')}`;
    await client.query(`create database ${readModel.pathname.slice(1)}`);
    await client.end();
    const sizes = { append: { rounds: 1, lanes: 8, each: 4 }, catchUp: { users: 40, oneByOne: 20 } };
    areMeasured(await engineFigures(running.engines, sizes, readModel.href), [
      'P16 command without HTTP',
      'P9 projector catch-up',
      'P9 against one event a transaction',
    ]);
  });

  it('measures appends to a log server and a subscription that catches up', async () => {
    areMeasured(await logServerFigures(running.engines.eventLog, { warmUp: 1, appends: 64, backlog: 200 }, stage.cpu), [
      'log server: durable appends',
      'log server: catch-up',
    ]);
  });
});

describe('settled', () => {
  it('gives up on what does not take effect', async () => {
    const progress = async () => ({ mails: 0, position: 0n });
    await expect(settled({ progress }, { mails: 1 }, 0)).rejects.toThrow('did not take effect in time');
  });
});
