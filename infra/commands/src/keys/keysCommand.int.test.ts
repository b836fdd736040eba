import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSecrets } from '@ums/embedded/dataFolder/secrets';
import { type ServiceOnFolder, serviceOnFolder } from '../../../embedded/test/serviceOnFolder.js';
import { progressOn } from '../progress/progressOn.js';
import { keysCommand } from './keysCommand.js';

describe('npm run keys on a data folder', () => {
  let service: ServiceOnFolder;
  beforeAll(async () => {
    service = await serviceOnFolder();
  });
  afterAll(() => service.remove());
  const shown: string[] = [];
  const run = (...args: string[]) =>
    keysCommand(
      args,
      { DATA_DIR: service.dataDir },
      progressOn({ write: (text) => shown.push(text) }, () => performance.now()),
    );
  const previous = async () =>
    Object.keys((await readSecrets(join(service.dataDir, 'secrets.json'))).environment).filter((name) =>
      name.endsWith('_PREVIOUS'),
    );

  it('K-05 replaces both keys with progress, and forgets the old ones once the vault has the new ones', async () => {
    await service.start();
    const body = JSON.stringify({ email: 'ada@example.org', name: 'Ada', password: 'nine quiet boats at noon' });
    const headers = { 'content-type': 'application/json' };
    const registered = await fetch(`${service.running().api}/api/v1/auth/register`, { method: 'POST', body, headers });
    expect(registered.status).toBe(202);
    await expect(run('rewrite-addresses')).rejects.toThrow(/in use/);
    await service.stop();

    await run('new', 'MASTER_KEY');
    await service.start();
    expect(await previous()).toEqual(['MASTER_KEY_PREVIOUS']);
    expect(await run('rewrap')).toMatch(/^No data key is under another key than MASTER_KEY \(1 were\)/);
    expect(await previous()).toEqual([]);
    expect(shown.join('')).toContain('100 %  1 of 1 data keys');
    expect(await run('rewrap')).toMatch(/no other key was given: nothing was changed/);
    await service.stop();

    await run('new', 'ADDRESS_KEY');
    await expect(service.start()).rejects.toThrow('ADDRESS_KEY is not the secret this vault was made with.');
    expect(await run('rewrite-addresses')).toMatch(/^All addresses are under the new ADDRESS_KEY/);
    expect(shown.join('')).toContain('100 %  writing all rows');
    expect(await previous()).toEqual([]);
    await expect(run('rewrite-addresses')).rejects.toThrow(
      'The data folder has no new ADDRESS_KEY; nothing was changed.',
    );
    await service.start();
  }, 300_000);
});
