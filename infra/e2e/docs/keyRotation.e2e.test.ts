import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { readSecrets } from '@ums/embedded/dataFolder/secrets';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { ask, type HttpAnswer } from '../../kit/test/ask.js';
import { until } from '../../kit/test/until.js';
import { lastingDifferences } from '../src/oracle/findDifferences.js';

const ROOT = join(import.meta.dirname, '../../..');
const PASSWORD = 'nine quiet boats at noon';
const BLOCK = /<!-- run by infra\/e2e\/docs\/keyRotation\.e2e\.test\.ts -->\n```sh\n([\s\S]*?)```/g;

interface Inbox {
  emails: { destination: { to: string[] }; subject: string; body: { text: string } }[];
}

describe('docs/key-rotation.md on a data folder', () => {
  let folder: string;
  let DATA_DIR: string;
  let running: RunningStart | undefined;
  let blocks: string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-keys-'));
    DATA_DIR = join(folder, 'data');
    const page = await readFile(join(ROOT, 'docs/key-rotation.md'), 'utf8');
    blocks = [...page.matchAll(BLOCK)].map(([, commands = '']) => commands);
  });
  afterAll(async () => {
    await running?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const startService = async () => {
    running = await start({
      config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR }),
      env: { PASSWORD_HASH: 'bcrypt:4' },
      logFor: () => silentLog,
      fsync: false,
      onFatal: (error) => {
        throw error;
      },
    });
  };
  const stopService = async () => {
    await running?.close();
    running = undefined;
  };
  const runBlock = async (commands = ''): Promise<string> => {
    const environment = { ...process.env, DATA_DIR };
    return (await promisify(execFile)('sh', ['-ec', commands], { cwd: ROOT, env: environment })).stdout;
  };
  const call = (method: string, path: string, body: object, token?: string): Promise<HttpAnswer> =>
    ask(`${running?.api}/api/v1${path}`, method, { body, token });
  const mailed = async (email: string, link: string): Promise<string> => {
    let token: string | undefined;
    await until(async () => {
      const { emails } = (await (await fetch(`${running?.inbox}/store`)).json()) as Inbox;
      const texts = emails.filter(({ destination }) => destination.to.includes(email)).map(({ body }) => body.text);
      token = texts.map((text) => new RegExp(`token=(v1\\.[\\w-]+\\.${link}\\.\\S+)`).exec(text)?.[1]).find(Boolean);
      return token !== undefined;
    });
    return token ?? '';
  };
  const register = (email: string) =>
    call('POST', '/auth/register', { email, name: 'Ada Lovelace', password: PASSWORD });
  const signedIn = async (email: string): Promise<string> => {
    const { status, json } = await call('POST', '/auth/login', { email, password: PASSWORD });
    expect([email, status]).toEqual([email, 200]);
    return json.accessToken;
  };
  const signUp = async (email: string): Promise<string> => {
    await register(email);
    await call('POST', '/auth/confirm', { token: await mailed(email, 'confirm'), password: PASSWORD });
    return signedIn(email);
  };
  const keys = async () => (await readSecrets(join(DATA_DIR, 'secrets.json'))).environment;

  it('K-05 replaces MASTER_KEY and ADDRESS_KEY, and people, erasures and mailed links are as before', async () => {
    await startService();
    await signUp('stays@example.org');
    const moving = await signUp('moves@example.org');
    expect((await call('DELETE', '/user', { password: PASSWORD }, await signUp('goes@example.org'))).status).toBe(204);
    await register('waits@example.org');
    const waiting = await mailed('waits@example.org', 'confirm');
    const wanted = { email: 'moved@example.org', password: PASSWORD };
    expect((await call('PUT', '/user', wanted, moving)).status).toBe(202);
    const change = await mailed('moved@example.org', 'change');
    const undo = await mailed('moves@example.org', 'undo');
    await stopService();

    const before = await keys();
    const [newMaster, rewrap, addresses] = blocks;
    expect(await runBlock(newMaster)).toContain('has a new MASTER_KEY');
    await startService();
    expect(await runBlock(rewrap)).toMatch(/^No data key is under another key than MASTER_KEY \([1-9]/);
    await signedIn('stays@example.org');
    await stopService();

    expect(await runBlock(addresses)).toContain('All addresses are under the new ADDRESS_KEY');
    const after = await keys();
    expect(Object.keys(after).filter((name) => name.endsWith('_PREVIOUS'))).toEqual([]);
    expect(after.MASTER_KEY).not.toBe(before.MASTER_KEY);
    expect(after.ADDRESS_KEY).not.toBe(before.ADDRESS_KEY);

    await startService();
    await signedIn('stays@example.org');
    const confirmed = { token: waiting, password: PASSWORD };
    expect((await call('POST', '/auth/confirm', confirmed)).status).toBe(200);
    expect((await call('POST', '/auth/confirm', { token: change, password: PASSWORD })).status).toBe(200);
    await signedIn('moved@example.org');
    expect((await call('POST', '/auth/confirm', { token: undo })).status).toBe(200);
    await signedIn('moves@example.org');
    const gone = await call('POST', '/auth/login', { email: 'goes@example.org', password: PASSWORD });
    expect(gone.status).toBe(401);
    await signUp('goes@example.org');
    expect(await lastingDifferences({ ...(await readEngines(DATA_DIR)), secrets: await keys() })).toEqual([]);
  }, 180_000);
});
