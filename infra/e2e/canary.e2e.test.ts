import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { filesContaining } from '../embedded/test/filesContaining.js';
import { execute } from '../embedded/test/postgres.js';
import { until } from '../kit/test/until.js';
import { type KeyRow, keyRing, unseal } from './src/oracle/keyRing.js';
import { loggedEvents } from './src/oracle/loggedEvents.js';
import { apiClient } from './test/apiClient.js';
import { linkOf, mailsTo, nthMail } from './test/inbox.js';
import { spawned } from './test/spawned.js';
import { beginningOn, logIn, register, type Told } from './test/story/told.js';
import { type WholeService, wholeService } from './test/wholeService.js';

let folder: string;
let dataDir: string;
let service: WholeService;
let told: Told;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-canary-'));
  dataDir = join(folder, 'data');
  service = await wholeService(dataDir);
  const { api, inbox } = service;
  const appoint = () => Promise.reject(new Error('nobody is appointed here'));
  told = beginningOn({ client: await apiClient(api), inbox, publicUrl: api, appoint });
}, 60_000);

afterAll(async () => {
  await service?.process.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

/** What nobody may find of a person who was erased, by what it is. */
type Traces = Record<string, string | Buffer>;

/** Read with the means of the oracle, before the person is erased. */
const tracesOf = async ({ eventLog, vault, secrets }: WholeService['oracle'], userId: string): Promise<Traces> => {
  const { rows } = await execute(vault, 'select * from data_key');
  const keyOf = keyRing(Buffer.from(secrets.MASTER_KEY, 'base64'), rows as KeyRow[]);
  const wrapped = (rows as KeyRow[]).find(({ subject }) => subject === userId)?.wrapped;
  const [key, registered] = [
    keyOf(userId),
    (await loggedEvents(eventLog)).find(({ stream, type }) => stream === `user-${userId}` && type === 'UserRegistered'),
  ];
  if (!Buffer.isBuffer(key) || !wrapped || registered === undefined) throw new Error('the user has no key or no event');
  const hash = unseal(key, registered.data.passwordHash, [userId, 'UserRegistered', registered.id, 'passwordHash']);
  expect(hash).toContain('$2');
  const addressKey = Buffer.from(secrets.ADDRESS_KEY, 'base64');
  return { key, wrapped, hash, mac: createHmac('sha256', addressKey).update(told.ada.email).digest() };
};

/** Names of the traces that some file in the data folder holds. */
const found = async (traces: Traces): Promise<string[]> => {
  const names: string[] = [];
  for (const [name, trace] of Object.entries(traces)) {
    if ((await filesContaining(dataDir, [trace])).length > 0) names.push(name);
  }
  return names;
};

describe('npm run forget', () => {
  it('G-03 leaves of an erased person no name, address, hash or key in any file of the data folder', async () => {
    const { client, inbox, ada, grace } = told;
    Object.assign(ada, {
      email: 'persephone.canary@example.org',
      name: 'Persephone Canary',
      password: 'a quiet yellow bird 1',
    });
    for (const person of [ada, grace]) {
      await register(told, person);
      const { token } = linkOf(await nthMail(inbox, person.email, 1));
      const { password } = person;
      expect((await client.ask('POST', '/auth/confirm', { body: { token, password } })).status).toBe(200);
      await logIn(told, person);
    }
    const newName = 'Persephone Kanarienvogel';
    const headers = { 'user-agent': 'canary-browser/1.0' };
    const renamed = await client.ask('PUT', '/user', { token: ada.accessToken, body: { name: newName }, headers });
    expect(renamed.status).toBe(200);
    await until(async () => (await client.ask('GET', '/user', { token: ada.accessToken })).json.name === newName);
    const { email, name, password } = ada;
    const agent = headers['user-agent'];
    const traces: Traces = { email, name, newName, password, agent, ...(await tracesOf(service.oracle, ada.id)) };
    await execute(service.postgres, 'checkpoint');
    // What is personal lies sealed in the log and in clear in the read model, keys wrapped in the vault.
    expect(await found(traces)).toEqual(['email', 'name', 'newName', 'wrapped', 'mac']);

    const erasing = { token: ada.accessToken, body: { password } };
    expect((await client.ask('DELETE', '/user', erasing)).status).toBe(204);
    await until(async () => (await mailsTo(inbox, email)).length === 2);
    const left = 'select from farewell union all select from erasure';
    await until(async () => (await execute(service.vault, left)).rowCount === 0);

    const forget = spawned('infra/embedded/dist/forget/main.js', { DATA_DIR: dataDir });
    expect([await forget.ended, forget.output()]).toEqual([
      0,
      { out: 'Deleted rows have been removed from the disk.\n', err: '' },
    ]);
    expect(await filesContaining(dataDir, Object.values(traces))).toEqual([]);
    expect(await service.process.end('SIGTERM')).toBe(0);
    expect(await filesContaining(dataDir, Object.values(traces))).toEqual([]);
    expect(await found({ other: grace.email })).toEqual(['other']);
  }, 60_000);
});
