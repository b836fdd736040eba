import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { readSecrets } from '@ums/embedded/dataFolder/secrets';
import { type ServiceOnFolder, serviceOnFolder } from '../../embedded/test/serviceOnFolder.js';
import { ask, type HttpAnswer } from '../../kit/test/ask.js';
import { until } from '../../kit/test/until.js';
import { lastingDifferences } from '../src/oracle/findDifferences.js';
import { commandsFor } from './handbook.js';

const ROOT = join(import.meta.dirname, '../../..');
const PASSWORD = 'nine quiet boats at noon';
const BLOCKS = commandsFor('docs/key-rotation.md', 'infra/e2e/docs/keyRotation.e2e.test.ts');

interface Inbox {
  emails: { destination: { to: string[] }; subject: string; body: { text: string } }[];
}

describe('docs/key-rotation.md on a data folder', () => {
  let service: ServiceOnFolder;
  beforeAll(async () => {
    service = await serviceOnFolder();
  });
  afterAll(() => service.remove());
  const runBlock = async (commands = ''): Promise<string> => {
    const environment = { ...process.env, DATA_DIR: service.dataDir };
    return (await promisify(execFile)('sh', ['-ec', commands], { cwd: ROOT, env: environment })).stdout;
  };
  const call = (method: string, path: string, body: object, token?: string): Promise<HttpAnswer> =>
    ask(`${service.running().api}/api/v1${path}`, method, { body, token });
  const mailed = async (email: string, link: string): Promise<string> => {
    let token: string | undefined;
    await until(async () => {
      const { emails } = (await (await fetch(`${service.running().inbox}/store`)).json()) as Inbox;
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
  const keys = async () => (await readSecrets(join(service.dataDir, 'secrets.json'))).environment;

  it('K-05 replaces MASTER_KEY and ADDRESS_KEY, and people, erasures and mailed links are as before', async () => {
    await service.start();
    await signUp('stays@example.org');
    const moving = await signUp('moves@example.org');
    expect((await call('DELETE', '/user', { password: PASSWORD }, await signUp('goes@example.org'))).status).toBe(204);
    await register('waits@example.org');
    const waiting = await mailed('waits@example.org', 'confirm');
    const wanted = { email: 'moved@example.org', password: PASSWORD };
    expect((await call('PUT', '/user', wanted, moving)).status).toBe(202);
    const change = await mailed('moved@example.org', 'change');
    const undo = await mailed('moves@example.org', 'undo');
    await service.stop();

    const before = await keys();
    const [newMaster, rewrap, addresses] = BLOCKS;
    expect(await runBlock(newMaster)).toContain('has a new MASTER_KEY');
    await service.start();
    expect(await runBlock(rewrap)).toMatch(/^No data key is under another key than MASTER_KEY \([1-9]/);
    await signedIn('stays@example.org');
    await service.stop();

    expect(await runBlock(addresses)).toContain('All addresses are under the new ADDRESS_KEY');
    const after = await keys();
    expect(Object.keys(after).filter((name) => name.endsWith('_PREVIOUS'))).toEqual([]);
    expect(after.MASTER_KEY).not.toBe(before.MASTER_KEY);
    expect(after.ADDRESS_KEY).not.toBe(before.ADDRESS_KEY);

    await service.start();
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
    expect(await lastingDifferences({ ...(await readEngines(service.dataDir)), secrets: await keys() })).toEqual([]);
  }, 420_000);
});
