import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDataFolder } from '@ums/embedded/dataFolder/openDataFolder';
import { dropPreviousSecret, readSecrets } from '@ums/embedded/dataFolder/secrets';
import { progressOn } from '../progress/progressOn.js';
import { keysCommand } from './keysCommand.js';
import { readKeysOrder } from './readKeysOrder.js';

const run = (args: string[], env: Record<string, string>) =>
  keysCommand(
    args,
    env,
    progressOn({ write: () => undefined }, () => 0),
  );

describe('npm run keys', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-commands-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const secrets = async () => (await readSecrets(join(folder, 'secrets.json'))).environment;

  it.each([
    [['rewrap'], { command: 'rewrap' }],
    [['rewrite-addresses'], { command: 'rewrite-addresses' }],
    [['new', 'MASTER_KEY'], { command: 'new', name: 'MASTER_KEY' }],
    [['new', 'ADDRESS_KEY'], { command: 'new', name: 'ADDRESS_KEY' }],
  ])('reads %j', (args, order) => {
    expect(readKeysOrder(args)).toEqual(order);
  });

  it.each([[[]], [['rewrap', 'x']], [['new']], [['new', 'PASSWORD_PEPPER']], [['new', 'MASTER_KEY', 'x']], [['x']]])(
    'fails with its usage for %j',
    (args) => {
      expect(() => readKeysOrder(args)).toThrow('Usage: npm run -s keys -- new');
    },
  );

  it('makes a new key of a data folder and keeps the old one beside it, once, while no service runs', async () => {
    const data = await openDataFolder(folder);
    await expect(run(['new', 'MASTER_KEY'], { DATA_DIR: folder })).rejects.toThrow(/in use/);
    await data.release();
    const before = await secrets();
    expect(await run(['new', 'MASTER_KEY'], { DATA_DIR: folder })).toMatch(/^The data folder has a new MASTER_KEY\./);
    const after = await secrets();
    expect(after).toMatchObject({ MASTER_KEY_PREVIOUS: before.MASTER_KEY, ADDRESS_KEY: before.ADDRESS_KEY });
    expect(after.MASTER_KEY).not.toBe(before.MASTER_KEY);
    await expect(run(['new', 'MASTER_KEY'], { DATA_DIR: folder })).rejects.toThrow(
      'MASTER_KEY is being replaced already; nothing was changed.',
    );
    expect(await secrets()).toEqual(after);
    for (let time = 0; time < 2; time += 1) await dropPreviousSecret(join(folder, 'secrets.json'), 'MASTER_KEY');
    expect(await secrets()).toEqual({ ...before, MASTER_KEY: after.MASTER_KEY });
  });

  it('K-01 refuses a damaged old key in the data folder', async () => {
    await (await openDataFolder(folder)).release();
    const path = join(folder, 'secrets.json');
    const values = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...values, MASTER_KEY_PREVIOUS: 'short' }));
    await expect(secrets()).rejects.toThrow(/^MASTER_KEY_PREVIOUS in .* is missing or damaged; nothing was changed\.$/);
  });

  it('fails with one sentence where there is no service, or no data folder to make a key for', async () => {
    await expect(run(['rewrap'], { DATA_DIR: folder })).rejects.toThrow('No service is running on the data folder');
    const env = { VAULT_DATABASE_URL: 'postgres://127.0.0.1:1/vault' };
    await expect(run(['new', 'ADDRESS_KEY'], env)).rejects.toThrow(/^Only the keys of a data folder can be made here/);
  });

  it.each([[['new', 'MASTER_KEY']], [['new', 'ADDRESS_KEY']], [['rewrite-addresses']]])(
    '%j makes no data folder where there is none',
    async (args) => {
      const missing = join(folder, 'missing');
      await expect(run(args, { DATA_DIR: missing })).rejects.toThrow(`${missing} is not a data folder of this service`);
      await expect(access(missing)).rejects.toThrow('ENOENT');
    },
  );

  it('K-01 lists the variables that are missing', async () => {
    const env = { VAULT_DATABASE_URL: 'postgres://127.0.0.1:1/vault' };
    await expect(run(['rewrap'], env)).rejects.toThrow(/MASTER_KEY is missing/);
    await expect(run(['rewrite-addresses'], env)).rejects.toThrow(
      /EVENTSTORE_URL is missing[\s\S]*MASTER_KEY is missing[\s\S]*ADDRESS_KEY is missing[\s\S]*ADDRESS_KEY_PREVIOUS is missing/,
    );
  });
});
