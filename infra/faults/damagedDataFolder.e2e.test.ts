import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { faultRounds } from '../kit/test/faultRounds.js';
import { changeSecrets, copyDataFolder, copyWithoutTables, createDataFolder } from './test/dataFolders.js';
import { folderSnapshot } from './test/folderSnapshot.js';
import { expectToStart, refusalOf } from './test/startService.js';

/** How many kinds of damage are tried; `npm run faults` tries all. */
const KINDS_OF_DAMAGE = faultRounds({ usual: 3, full: 9 });
let parent: string;
/** A valid data folder, copied by the tests. */
let original: string;
let DATA_DIR: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ums-damaged-'));
  original = await createDataFolder(join(parent, 'original'));
}, 300_000);
afterAll(() => rm(parent, { recursive: true, force: true }));
beforeEach(async () => {
  DATA_DIR = join(await mkdtemp(join(parent, 'case-')), 'data');
});
afterEach(() => rm(join(DATA_DIR, '..'), { recursive: true, force: true }));

describe('a start on a damaged data folder', () => {
  const damages: [string, () => Promise<unknown>, RegExp][] = [
    [
      'no secrets',
      () => rm(join(DATA_DIR, 'secrets.json')),
      /secrets\.json cannot be read \(ENOENT\); nothing was changed\.$/,
    ],
    [
      'a missing secret',
      () => changeSecrets(DATA_DIR, ({ MASTER_KEY: _, ...rest }) => rest),
      /^MASTER_KEY in .* is missing or damaged; nothing was changed\.$/,
    ],
    ['a cluster without a version', () => rm(join(DATA_DIR, 'postgres', 'PG_VERSION')), /PG_VERSION/],
    [
      'a truncated secret',
      () => changeSecrets(DATA_DIR, (secrets) => ({ ...secrets, ADDRESS_KEY: 'short' })),
      /^ADDRESS_KEY in .* is missing or damaged; nothing was changed\.$/,
    ],
    ['world-readable secrets', () => chmod(join(DATA_DIR, 'secrets.json'), 0o644), /is accessible to every user/],
    [
      'secrets that are not JSON',
      () => writeFile(join(DATA_DIR, 'secrets.json'), '{"MASTER_KEY": "hush'),
      /is damaged: it does not contain a JSON object; nothing was changed\.$/,
    ],
    [
      'a newer version',
      () => writeFile(join(DATA_DIR, 'version'), '2'),
      /newer version of this service; nothing was changed\.$/,
    ],
    [
      'a damaged version',
      () => writeFile(join(DATA_DIR, 'version'), 'x'),
      /damaged version file; nothing was changed\.$/,
    ],
    ['a cluster of another Postgres', () => writeFile(join(DATA_DIR, 'postgres', 'PG_VERSION'), '9.6\n'), /Postgres/],
  ];
  it.each(damages.slice(0, KINDS_OF_DAMAGE))(
    'is refused because of %s, and does not change the folder',
    async (_, damage, sentence) => {
      await copyWithoutTables(original, DATA_DIR);
      await damage();
      const before = await folderSnapshot(DATA_DIR);
      expect(await refusalOf({ DATA_DIR })).toMatch(sentence);
      expect(await folderSnapshot(DATA_DIR)).toEqual(before);
    },
  );

  it('is refused if Postgres cannot start, and succeeds once the cluster is repaired', async () => {
    await copyDataFolder(original, DATA_DIR);
    await rename(join(DATA_DIR, 'postgres', 'global', 'pg_control'), join(DATA_DIR, 'pg_control'));
    expect(await refusalOf({ DATA_DIR })).toMatch(/^Postgres .*\.$/);
    await rename(join(DATA_DIR, 'pg_control'), join(DATA_DIR, 'postgres', 'global', 'pg_control'));
    await expectToStart({ DATA_DIR });
  }, 300_000);
});
