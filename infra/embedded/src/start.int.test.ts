import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appoint } from '@ums/commands/admin/appoint';
import type { ErasureReceiptBody } from '@ums/contracts/http/erasure';
import { silentLog } from '@ums/kit/log';
import { presignedLinks } from '@ums/kit/object-storage/presignedLinks';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import pg from 'pg';
import { until } from '../../kit/test/until.js';
import { filesContaining } from '../test/filesContaining.js';
import { execute } from '../test/postgres.js';
import { readConfig } from './config.js';
import { readEngines } from './dataFolder/enginesFile.js';
import { forget } from './forget/forget.js';
import { type RunningStart, start } from './start.js';

const PASSWORD = 'nine quiet boats at noon';
const env = { PASSWORD_HASH: 'bcrypt:4', APP_NAME: 'Tea & "Co", <Ltd>' };
let folder: string;
let running: RunningStart;

const ports = { PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0' };
const startOn = (dataDir: string, changes: Record<string, string> = {}) =>
  start({
    config: readConfig({ ...ports, DATA_DIR: dataDir, ...changes }),
    env,
    logFor: () => silentLog,
    fsync: false,
    eventLoopDelayMs: () => 0,
    onFatal: (error) => {
      throw error;
    },
  });

const call = (path: string, body?: object, init: RequestInit = {}) =>
  fetch(`${running.api}/api/v1${path}`, {
    ...init,
    ...(body === undefined ? {} : { method: init.method ?? 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json', ...init.headers },
  });

/** Registers a user and confirms the address with the mailed token. @returns an access token. */
const registerUser = async (email: string, name: string): Promise<string> => {
  expect((await call('/auth/register', { email, name, password: PASSWORD })).status).toBe(202);
  let token: string | undefined;
  await until(async () => {
    const { emails } = (await (await fetch(`${running.inbox}/store`)).json()) as Inbox;
    const mail = emails.find(({ destination }) => destination.to.includes(email));
    token = /token=(\S+)/.exec(mail?.body.text ?? '')?.[1];
    return token !== undefined;
  });
  expect((await call('/auth/confirm', { token, password: PASSWORD })).status).toBe(200);
  return logIn(email);
};

interface Inbox {
  emails: { from: string; destination: { to: string[] }; body: { text: string } }[];
}

const logIn = async (email: string, headers: Record<string, string> = {}): Promise<string> => {
  const answer = await call('/auth/login', { email, password: PASSWORD }, { headers });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { accessToken: string }).accessToken;
};

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-start-'));
  running = await startOn(join(folder, 'data'));
});

afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

describe('start', () => {
  it('signs the history with the key that it shows, into the data folder', async () => {
    const { dataDir } = running.engines;
    const [name = ''] = (await readFile(join(dataDir, 'notary.pub'), 'utf8')).split('+');
    expect(name).toMatch(/^ums\/[0-9a-f-]{36}$/);
    await until(async () => {
      const checkpoints = await readFile(join(dataDir, 'checkpoints', 'checkpoints'), 'utf8').catch(() => '');
      return checkpoints.startsWith(`${name}\n`);
    });
  });

  it('is ready when it resolves, on the API port and the metrics port', async () => {
    for (const base of [running.api, running.metrics]) {
      const answer = await fetch(`${base}/health/ready`);
      expect([answer.status, ((await answer.json()) as { status: string }).status]).toEqual([200, 'ready']);
    }
    for (const path of [
      '/',
      '/apidocs/',
      '/openapi.json',
      '/asyncapi/',
      '/asyncapi.json',
      '/.well-known/jwks.json',
      '/health/live',
    ]) {
      expect([path, (await fetch(running.api + path)).status]).toEqual([path, 200]);
    }
    expect(await (await fetch(`${running.metrics}/metrics`)).text()).toContain('# HELP');
  });

  it('answers a browser whose confirmation link is broken with a page', async () => {
    const link = `${running.api}/api/v1/auth/confirm?token=a&token=b`;
    const { status, headers } = await fetch(link, { headers: { accept: 'text/html' } });
    expect([status, headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
  });

  it('A-07 appoints the first administrator while the service runs, and no second one', async () => {
    const DATA_DIR = join(folder, 'data');
    const registered = await registerUser('grace@example.org', 'Grace');
    expect((await call('/users', undefined, bearer(registered))).status).toBe(403);
    await expect(appoint(['nobody@example.org'], { DATA_DIR })).rejects.toThrow(
      'No active user has confirmed this address.',
    );
    await expect(appoint(['Grace@example.org'], { DATA_DIR })).resolves.toMatch(/is now an administrator/);
    await expect(appoint(['grace@example.org'], { DATA_DIR })).rejects.toThrow(
      'There is an active administrator already',
    );
    const listed = await call('/users', undefined, bearer(await logIn('grace@example.org')));
    expect([listed.status, ((await listed.json()) as { items: unknown[] }).items]).toEqual([
      200,
      [expect.objectContaining({ email: 'grace@example.org', roles: ['user', 'admin'] })],
    ]);
  });

  it('sends its mails from the name of the application', async () => {
    await call('/auth/register', { email: 'sender@example.org', name: 'Edith', password: PASSWORD });
    let senders = new Set<string>();
    await until(async () => {
      const { emails } = (await (await fetch(`${running.inbox}/store`)).json()) as Inbox;
      senders = new Set(emails.map(({ from }) => from));
      return emails.some(({ destination }) => destination.to.includes('sender@example.org'));
    });
    expect([...senders]).toEqual(['"Tea & \\"Co\\", <Ltd>" <no-reply@localhost.localdomain>']);
  });

  it('G-03 leaves no trace of an erased user in any file of the data folder after forget', async () => {
    const [email, name] = ['persephone.canary@example.org', 'Persephone Canary'];
    const token = await registerUser(email, name);
    await until(async () => (await call('/user', undefined, bearer(token))).status === 200);
    const { postgres, vault, users } = await readEngines(join(folder, 'data'));
    await execute(users, 'analyze');
    await execute(postgres, 'checkpoint');
    expect(await filesContaining(join(folder, 'data'), [email, name])).not.toEqual([]);
    const erased = await call('/user', { password: PASSWORD }, { method: 'DELETE', ...bearer(token) });
    expect(erased.status).toBe(204);
    await until(async () => (await execute(users, 'select from read.user_profile_v1')).rowCount === 1);
    await until(async () => (await execute(vault, 'select from farewell')).rowCount === 0);
    const receipt = async () => {
      let answer: Response | undefined;
      // After `forget`, which all processes of a small machine wait for, a statement of the request may take too long.
      await until(async () => {
        answer = await call(`/erasures/${erased.headers.get('Erasure-Receipt')}`);
        return answer.status !== 503;
      });
      return answer?.json();
    };
    const stepsOf = async () => ((await receipt()) as ErasureReceiptBody).steps;
    await until(async () => {
      const { pictures, readModels } = await stepsOf();
      return pictures.state === 'done' && readModels.state === 'done';
    });
    await until(async () => (await execute(vault, 'select from erasure')).rowCount === 0);
    await forget({ postgres, vault, users }, silentLog);
    expect(await filesContaining(join(folder, 'data'), [email, name])).toEqual([]);
    const [done, notApplicable] = [
      { state: 'done', at: expect.any(String) },
      { state: 'not-applicable', at: null },
    ];
    expect(await receipt()).toMatchObject({
      complete: false,
      steps: {
        ...{ keyDestroyed: done, addressesReleased: done, sessionsEnded: done, pictures: done, mailRecords: done },
        ...{ readModels: { state: 'done', at: null }, topicTombstone: notApplicable, diskRewritten: done },
        backupsDue: { state: 'pending', at: expect.any(String) },
      },
    });
  });

  it('G-03 waits for transactions that can still see deleted rows, and fails when they do not end in time', async () => {
    const { postgres, vault, users } = await readEngines(join(folder, 'data'));
    const reader = new pg.Client({ connectionString: users });
    await reader.connect();
    await reader.query('begin isolation level repeatable read');
    await reader.query('select from read.user_profile_v1');
    await execute(vault, 'select pg_current_xact_id()');
    await expect(forget({ postgres, vault, users }, silentLog, 0)).rejects.toThrow(/can still see deleted rows/);
    const forgotten = forget({ postgres, vault, users }, silentLog);
    await reader.query('commit');
    await forgotten;
    await reader.end();
  });

  it('stores objects in the data folder, and its links to them open without further proof as what they say', async () => {
    const storage = openS3Storage(running.engines.objectStorage, { timeoutMs: 10_000 });
    const key = 'pictures/a-user/a-picture/64.webp';
    await storage.put(key, Buffer.from('canary content'), { contentType: 'text/html', maxBytes: 100 });
    storage.close();
    expect(await filesContaining(join(folder, 'data', 's3'), ['canary content'])).toHaveLength(1);
    const as = { contentType: 'image/webp', disposition: 'inline; filename="picture.webp"' };
    const answer = await fetch(await presignedLinks(running.engines.objectStorage)(key, as));
    expect([answer.status, await answer.text()]).toEqual([200, 'canary content']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': as.contentType,
      'content-disposition': as.disposition,
      'x-content-type-options': 'nosniff',
    });
  });

  it('refuses a second start on the same folder or port with one sentence and leaves the first service running', async () => {
    await expect(startOn(join(folder, 'data'))).rejects.toThrow(
      /data is in use by process \d+; stop that process first\.$/,
    );
    const PORT = new URL(running.api).port;
    await expect(startOn(join(folder, 'other'), { PORT })).rejects.toThrow(`Port ${PORT} of 127.0.0.1 is taken`);
    expect(await readdir(folder)).toEqual(['data']);
    expect((await fetch(`${running.api}/health/ready`)).status).toBe(200);
  });

  it('K-01 refuses a wrong secret with one sentence, changes nothing, and starts with the right one', async () => {
    const dataDir = join(folder, 'data');
    await running.close();
    const file = join(dataDir, 'secrets.json');
    const secrets = await readFile(file, 'utf8');
    const { ADDRESS_KEY, ...others } = JSON.parse(secrets) as Record<string, string>;
    await writeFile(file, JSON.stringify({ ...others, ADDRESS_KEY, MASTER_KEY: ADDRESS_KEY }));
    await expect(startOn(dataDir)).rejects.toThrow(/^MASTER_KEY is not the secret this vault was made with\.$/);
    await writeFile(file, secrets);
    const PUBLIC_URL = 'https://users.example.org/';
    const [CORS_ORIGINS, TRUSTED_PROXIES] = ['https://app.example.org', '127.0.0.1'];
    const settings = { HOST: '0.0.0.0', PUBLIC_URL, KEEP_ALIVE_SECONDS: '90', CORS_ORIGINS, TRUSTED_PROXIES };
    running = await startOn(dataDir, settings);
    expect((await fetch(`${running.api}/health/live`)).headers.get('keep-alive')).toBe('timeout=90');
    const refused = await call('/auth/login', { email: 1 }, { headers: { origin: CORS_ORIGINS } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, CORS_ORIGINS]);
    const token = await logIn('grace@example.org', { 'x-forwarded-for': '198.51.100.77' });
    const history = await call('/user/history?include=sessions', undefined, bearer(token));
    expect(await history.text()).toContain('"ip":"198.51.100.77"');
    expect([running.api, running.publicUrl]).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      'https://users.example.org',
    ]);
    await running.close();
    expect((await readdir(dataDir)).sort()).toEqual([
      'checkpoints',
      'jwks.json',
      'notary.pub',
      'postgres',
      'postgres.password',
      's3',
      'secrets.json',
      'version',
    ]);
  });
});
