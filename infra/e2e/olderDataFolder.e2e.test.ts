import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { PATIENT } from '../../command-api/test/testApi.js';
import { ask, type RequestOptions } from '../kit/test/ask.js';
import { lastingDifferences } from './src/oracle/findDifferences.js';
import { type Recording, recordedFolder } from './test/older-folder/recordedFolder.js';

/*
 * Each file is what one version left in its data folder. To add one: build a checkout of the version, then
 *   node infra/e2e/test/older-folder/recordFolder.mjs <checkout> > infra/e2e/test/older-folder/<name>.ndjson
 * A migration that is on this page may not be changed any more.
 */
const RECORDINGS = ['withoutPicturesAndDirectory.ndjson'];
const PASSWORD = 'correct horse battery staple';

describe.each(RECORDINGS)('a start on the data folder of an earlier version (%s)', (name) => {
  let folder: string;
  let recording: Recording;
  let service: RunningStart;
  /** Links and sessions have not expired yet: the time goes on a minute after the recording. */
  let aheadMs: number;

  const startService = (): Promise<RunningStart> =>
    start({
      config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: join(folder, 'data') }),
      env: { PASSWORD_HASH: 'bcrypt:4' },
      logFor: () => silentLog,
      clock: { now: () => new Date(Date.now() - aheadMs) },
      fsync: false,
      eventLoopDelayMs: () => 0,
      requestTimeouts: PATIENT,
      onFatal: (error) => {
        throw error;
      },
    });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-older-'));
    recording = await recordedFolder(join(import.meta.dirname, 'test', 'older-folder', name), join(folder, 'data'));
    aheadMs = Date.now() - Date.parse(recording.recordedAt) - 60_000;
    service = await startService();
  }, 300_000);
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  const api = (method: string, path: string, asked?: RequestOptions) =>
    ask(`${service.api}${API_PREFIX}${path}`, method, asked);
  const logIn = (email: string) => api('POST', '/auth/login', { body: { email, password: PASSWORD } });
  const tokenOf = async (email: string): Promise<string> => (await logIn(email)).json.accessToken;
  const confirm = (token: string) => api('POST', '/auth/confirm', { body: { token, password: PASSWORD } });
  const findDifferences = () =>
    lastingDifferences({
      eventLog: service.engines.eventLog,
      vault: service.engines.vaultFor('command'),
      users: service.engines.usersFor('projector'),
      secrets: service.engines.secrets.environment,
    });

  it('F-33 makes vault, read models and feed agree with the log', async () => {
    expect(await findDifferences()).toEqual([]);
  }, 300_000);

  it('shows a person as they were, with all of their history', async () => {
    const token = await tokenOf('ada@example.org');
    const { status, json } = await api('GET', '/user', { token });
    expect([status, json]).toEqual([
      200,
      expect.objectContaining({ email: 'ada@example.org', name: 'Ada King', locale: 'en', roles: ['user'] }),
    ]);
    const history = await api('GET', '/user/history', { token });
    const types = history.json.items.map(({ type }: { type: string }) => type);
    expect(types).toEqual(expect.arrayContaining(['UserRegistered', 'UserRenamed', 'EmailChangeRequested']));
    expect((await api('PUT', '/user', { token, body: { name: 'Ada Lovelace' } })).json.revision).toBe(
      json.revision + 1,
    );
  });

  it('keeps sessions and mailed links', async () => {
    const refreshed = await api('POST', '/auth/refresh', { body: { refreshToken: recording.tokens.refresh } });
    expect(refreshed.status).toBe(200);
    expect((await confirm(recording.tokens.confirm)).json).toEqual({ status: 'confirmed' });
    expect((await logIn('alan@example.org')).status).toBe(200);
    expect((await confirm(recording.tokens.change)).json).toEqual({ status: 'email-changed' });
    expect([(await logIn('ada@example.org')).status, (await logIn('countess@example.org')).status]).toEqual([401, 200]);
  });

  it('keeps who is suspended, erased and an administrator, and finds all by search', async () => {
    expect([(await logIn('eve@example.org')).status, (await logIn('joan@example.org')).status]).toEqual([403, 401]);
    const token = await tokenOf('grace@example.org');
    const found = await api('GET', '/users?search=eve', { token });
    expect(found.json.items.map(({ status }: { status: string }) => status)).toEqual(['suspended']);
    const feed = await api('GET', '/audit/events?type=UserErased', { token });
    expect(feed.json.items).toHaveLength(1);
    const registered = await api('POST', '/auth/register', {
      body: { email: 'joan@example.org', name: 'Joan', password: PASSWORD },
    });
    expect(registered.status).toBe(202);
  });

  it('F-32 can be stopped and started again on the folder', async () => {
    await service.close();
    service = await startService();
    expect((await logIn('countess@example.org')).status).toBe(200);
    expect(await findDifferences()).toEqual([]);
  }, 300_000);
});
