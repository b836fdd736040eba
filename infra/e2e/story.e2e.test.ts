import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROUTES } from '@ums/contracts/routes';
import { appoint } from '@ums/embedded/commands/appoint';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { type ApiClient, apiClient } from './test/apiClient.js';
import { chapters } from './test/story/chapters.js';
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
  for (const { tells, tell } of chapters) it(tells, () => tell(told));
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
