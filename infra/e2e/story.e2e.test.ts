import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROUTES } from '@ums/contracts/routes';
import { appoint } from '@ums/embedded/admin/appoint';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { execute } from '../embedded/test/postgres.js';
import { askOracle, settledDifferences } from './src/oracle/askOracle.js';
import { type ApiClient, apiClient } from './test/apiClient.js';
import { beginning, ending, middle } from './test/story/chapters.js';
import { beginningOn, type Told } from './test/story/told.js';

let folder: string;
let running: RunningStart;
let client: ApiClient;
let told: Told;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-story-'));
  const DATA_DIR = join(folder, 'data');
  running = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR }),
    env: { PASSWORD_HASH: 'bcrypt:4' },
    logFor: () => silentLog,
    fsync: false,
    onFatal: (error) => {
      throw error;
    },
  });
  client = await apiClient(running.api);
  const { inbox, publicUrl } = running;
  told = beginningOn({ client, inbox, publicUrl, appoint: (email) => appoint([email], { DATA_DIR }) });
});

afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the whole service in one process', () => {
  for (const { tells, tell } of [...beginning, ...middle, ...ending]) it(tells, () => tell(told));
});

describe('log, vault and read model', () => {
  const oracle = () => {
    const { eventLog, vaultFor, usersFor, secrets } = running.engines;
    const urls = { eventLog, vault: vaultFor('command'), users: usersFor('projector') };
    return { ...urls, secrets: secrets.environment };
  };

  it('F-10 say the same once the story is told', async () => {
    expect(await settledDifferences(oracle())).toEqual([]);
  });

  it('would not go unnoticed if they did not', async () => {
    const { vault, users } = oracle();
    const { id } = told.grace;
    await execute(users, `update read.user_profile_v1 set name = 'Eve', revision = 9 where user_id = '${id}'`);
    await execute(users, `delete from read.user_profile_v1 where user_id <> '${id}'`);
    await execute(vault, `update account set epoch = 0, roles = '{user}' where user_id = '${id}'`);
    await execute(vault, `delete from address where user_id = '${id}'`);
    await execute(vault, `insert into session (id, user_id, epoch, expires_at) values ('${id}', '${id}', 1, now())`);
    expect(await askOracle(oracle())).toEqual([
      `profile ${id}: name`,
      `profile ${id}: revision`,
      expect.stringMatching(/^profile \S+: missing$/),
      `account ${id}: roles`,
      `account ${id}: epoch`,
      `account ${id}: address`,
      `session ${id}: started`,
    ]);
  });
});

describe('its OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const program = join(import.meta.dirname, 'test', 'validateDocument.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [program, `${running.api}/openapi.json`]);
    expect(JSON.parse(stdout)).toEqual({ valid: true, errors: [], version: '3.1' });
  });

  it('names every route, and no other', () => {
    const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect([...client.document.operations].sort()).toEqual(routes.sort());
  });

  it('has for every request body an example that the body would pass with', () => {
    expect(client.document.badExamples()).toEqual([]);
  });

  it('was held against a good answer and a refusal of every route', () => {
    const lacking = client.document.operations.filter((operation) => {
      const statuses = [...(client.seen.get(operation) ?? [])];
      return !statuses.some((status) => status < 300) || !statuses.some((status) => status >= 400);
    });
    expect(lacking).toEqual([]);
  });
});
