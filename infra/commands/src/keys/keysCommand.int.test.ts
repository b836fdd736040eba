import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@ums/embedded/config';
import { readSecrets } from '@ums/embedded/dataFolder/secrets';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { progressOn } from '../progress/progressOn.js';
import { keysCommand } from './keysCommand.js';

describe('npm run keys on a data folder', () => {
  let folder: string;
  let DATA_DIR: string;
  let running: RunningStart | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-keys-'));
    DATA_DIR = join(folder, 'data');
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
  const shown: string[] = [];
  const run = (...args: string[]) =>
    keysCommand(
      args,
      { DATA_DIR },
      progressOn({ write: (text) => shown.push(text) }, () => performance.now()),
    );
  const previous = async () =>
    Object.keys((await readSecrets(join(DATA_DIR, 'secrets.json'))).environment).filter((name) =>
      name.endsWith('_PREVIOUS'),
    );

  it('K-05 replaces both keys with progress, and forgets the old ones once the vault has the new ones', async () => {
    await startService();
    const body = JSON.stringify({ email: 'ada@example.org', name: 'Ada', password: 'nine quiet boats at noon' });
    const headers = { 'content-type': 'application/json' };
    const registered = await fetch(`${running?.api}/api/v1/auth/register`, { method: 'POST', body, headers });
    expect(registered.status).toBe(202);
    await expect(run('rewrite-addresses')).rejects.toThrow(/in use/);
    await stopService();

    await run('new', 'MASTER_KEY');
    await startService();
    expect(await previous()).toEqual(['MASTER_KEY_PREVIOUS']);
    expect(await run('rewrap')).toMatch(/^No data key is under another key than MASTER_KEY \(1 were\)/);
    expect(await previous()).toEqual([]);
    expect(shown.join('')).toContain('100 %  1 of 1 data keys');
    expect(await run('rewrap')).toMatch(/\(0 were\)/);
    await stopService();

    await run('new', 'ADDRESS_KEY');
    await expect(startService()).rejects.toThrow('ADDRESS_KEY is not the secret this vault was made with.');
    expect(await run('rewrite-addresses')).toMatch(/^All addresses are under the new ADDRESS_KEY/);
    expect(shown.join('')).toContain('100 %  writing all rows');
    expect(await previous()).toEqual([]);
    await expect(run('rewrite-addresses')).rejects.toThrow('ADDRESS_KEY_PREVIOUS is missing');
    await startService();
  }, 120_000);
});
