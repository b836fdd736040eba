import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultRounds } from '../kit/test/faultRounds.js';
import { lastingDifferences } from './src/oracle/findDifferences.js';
import { causedByReads, logIn, newUser, type SteadyLoad, steadyLoad } from './test/projections/steadyLoad.js';
import { spawnProgram } from './test/spawnProgram.js';
import { startWholeService, type WholeService } from './test/startWholeService.js';

const ROUNDS = faultRounds({ usual: 2, full: 30 });
const ROUND_MS = 300_000;
const PROJECTION = 'user_profile_v1';
const ADMINISTRATOR = 'admin@example.org';

let folder: string;
let service: WholeService;
let load: SteadyLoad;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-projections-'));
  service = await startWholeService(join(folder, 'data'));
  const users = await Promise.all(Array.from({ length: 5 }, (_, n) => newUser(service, `user-${n}@example.org`)));
  await newUser(service, ADMINISTRATOR);
  await command('admin', ADMINISTRATOR);
  load = steadyLoad(service.api, users, await logIn(service.api, ADMINISTRATOR));
}, ROUND_MS);

afterAll(async () => {
  await load.stop();
  await service.process.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const launch = (name: string, ...args: string[]) =>
  spawnProgram(`infra/commands/dist/${name}/main.js`, { DATA_DIR: service.dataDir }, args);

/** Runs a command to its end. @returns what it printed */
const command = async (name: string, ...args: string[]): Promise<string> => {
  const program = launch(name, ...args);
  const code = await program.ended;
  const { out, err } = program.output();
  expect({ args, code, err: code === 0 ? '' : err }).toEqual({ args, code: 0, err: '' });
  return out;
};

const projections = (...args: string[]) => command('projections', ...args);

/** Starts a command and kills it at a random moment. It may have ended by then. */
const kill = async (...args: string[]): Promise<void> => {
  const program = launch('projections', ...args);
  await sleep(Math.random() * 1_500);
  await program.end('SIGKILL');
};

describe('rebuild and switch while the service serves', () => {
  it(
    'F-17 readers and writers meet no error and no older revision, however often the commands are killed',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        await kill('rebuild', PROJECTION);
        await kill('rebuild', PROJECTION);
        const rebuilt = await projections('rebuild', PROJECTION);
        expect(rebuilt).toContain('at the same event with other values: 0.');
        await kill('switch', PROJECTION);
        const list = await projections('list');
        if (list.includes(`${PROJECTION}_next`)) {
          await projections('rebuild', PROJECTION);
          await projections('switch', PROJECTION);
        }
        await kill('drop', PROJECTION);
        if ((await projections('list')).includes(`${PROJECTION}_old`)) await projections('drop', PROJECTION);
      }
      await load.stop();
      const { writes, reads, failures } = load;
      expect(causedByReads(failures, service.process.output().out)).toEqual([]);
      expect(Math.min(writes, reads)).toBeGreaterThan(ROUNDS * 20);
      expect(await lastingDifferences(service.sources)).toEqual([]);
      const without = [PROJECTION, 'audit_event_v1'].map((name) => `${name} has no parked keys.\n`);
      expect(await projections('retry-parked')).toBe(without.join(''));
    },
    ROUNDS * ROUND_MS,
  );
});
