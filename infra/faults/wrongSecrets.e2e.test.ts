import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newSecrets } from '@ums/embedded/dataFolder/secrets';
import { faultRounds } from '../kit/test/faultRounds.js';
import { changeSecrets, copyDataFolder, createDataFolder } from './test/dataFolders.js';
import { expectToStart, refusalOf } from './test/startService.js';

const SECRETS = Object.keys(newSecrets()) as (keyof ReturnType<typeof newSecrets>)[];
/** How many secrets are tried; the same code checks each of them. `npm run faults` tries all. */
const TRIED = faultRounds({ usual: 1, full: SECRETS.length });
let parent: string;
/** Two valid data folders with different secrets, copied by the tests. */
let original: string;
let other: string;
let DATA_DIR: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ums-secrets-'));
  original = await createDataFolder(join(parent, 'original'));
  other = await createDataFolder(join(parent, 'other'));
}, 300_000);
afterAll(() => rm(parent, { recursive: true, force: true }));
beforeEach(async () => {
  DATA_DIR = join(await mkdtemp(join(parent, 'case-')), 'data');
});
afterEach(() => rm(join(DATA_DIR, '..'), { recursive: true, force: true }));

describe('a start with wrong secrets', () => {
  it.each(SECRETS.slice(0, TRIED))(
    'K-01 is refused if %s is not the one the vault was made with, and succeeds with the right one',
    async (name) => {
      await copyDataFolder(original, DATA_DIR);
      const right = await readFile(join(DATA_DIR, 'secrets.json'), 'utf8');
      await changeSecrets(DATA_DIR, (secrets) => ({ ...secrets, [name]: newSecrets()[name] }));
      expect(await refusalOf({ DATA_DIR })).toBe(`${name} is not the secret this vault was made with.`);
      await writeFile(join(DATA_DIR, 'secrets.json'), right);
      await expectToStart({ DATA_DIR });
    },
    300_000,
  );

  it('is refused on the cluster of another service', async () => {
    await copyDataFolder(original, DATA_DIR);
    await rm(join(DATA_DIR, 'postgres'), { recursive: true });
    await copyDataFolder(join(other, 'postgres'), join(DATA_DIR, 'postgres'));
    expect(await refusalOf({ DATA_DIR })).toMatch(/\.$/);
  }, 300_000);
});
