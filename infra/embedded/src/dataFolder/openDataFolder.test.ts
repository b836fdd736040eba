import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EngineFailed } from '../engineFailed.js';
import { openDataFolder } from './openDataFolder.js';

let parent: string;
let path: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ums-data-'));
  path = join(parent, 'data');
});

afterEach(() => rm(parent, { recursive: true, force: true }));

const openAndRelease = async () => {
  const folder = await openDataFolder(path);
  await folder.release();
  return folder;
};

const refusal = async (): Promise<string> => {
  const error = await openDataFolder(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(EngineFailed);
  const { message } = error as EngineFailed;
  expect(message).toMatch(/^[^\n]+\.$/);
  return message;
};

describe('openDataFolder', () => {
  it('K-01 creates random secrets at the first start, readable by the owner only, and keeps them', async () => {
    const first = await openAndRelease();
    const again = await openAndRelease();
    expect(again.secrets).toEqual(first.secrets);
    const { ACCESS_TOKEN_KEY, ...keys } = first.secrets.environment;
    const random = [...Object.values(keys), ...Object.values(first.secrets.databasePasswords)];
    expect(new Set(random).size).toBe(12);
    for (const secret of random) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(ACCESS_TOKEN_KEY).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect((await stat(join(path, 'secrets.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await readdir(path)).sort()).toEqual(['secrets.json', 'version']);
  });

  it('gives a folder of an earlier version the secrets that it lacks, and keeps the others', async () => {
    const { secrets } = await openAndRelease();
    const file = join(path, 'secrets.json');
    const { NOTARY_KEY, DATABASE_PASSWORD_NOTARY, ...earlier } = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify(earlier));
    const completed = (await openAndRelease()).secrets;
    expect(completed.environment).toEqual({
      ...secrets.environment,
      NOTARY_KEY: expect.not.stringMatching(NOTARY_KEY),
    });
    expect(completed.databasePasswords.notary).not.toBe(DATABASE_PASSWORD_NOTARY);
    expect((await openAndRelease()).secrets).toEqual(completed);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('K-03 reads keys of the notary that an operator has replaced, in the forms that the notary takes', async () => {
    const { secrets } = await openAndRelease();
    const file = join(path, 'secrets.json');
    const { privateKey } = generateKeyPairSync('ed25519');
    const NOTARY_KEY = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const added = { NOTARY_KEY, NOTARY_KEY_PREVIOUS: `ums/log+0a1b2c3d+${'A'.repeat(44)}` };
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...added }));
    const renewed = await openAndRelease();
    expect(renewed.secrets.environment).toEqual({ ...secrets.environment, ...added });
  });

  it('refuses to open twice, and opens again after the release', async () => {
    const folder = await openDataFolder(path);
    expect(await refusal()).toBe(`The folder ${path} is in use by process ${process.pid}; stop that process first.`);
    await folder.release();
    await openAndRelease();
  });

  it('refuses a folder with other files and changes nothing in it', async () => {
    await mkdir(path);
    await writeFile(join(path, 'thesis.txt'), 'precious');
    expect(await refusal()).toBe(`${path} is not empty and is not a data folder of this service; nothing was changed.`);
    expect(await readdir(path)).toEqual(['thesis.txt']);
  });

  it('opens a folder in which only npm run engines has stored data, and keeps that', async () => {
    await mkdir(join(path, 'engines'), { recursive: true });
    await openAndRelease();
    expect(await readdir(path)).toContain('engines');
  });

  it('refuses a folder with other files whose names begin like its lock, and keeps them', async () => {
    await mkdir(path);
    await writeFile(join(path, 'lock.mdb'), 'precious');
    expect(await refusal()).toMatch(/is not empty and is not a data folder of this service; nothing was changed\.$/);
    expect(await readdir(path)).toEqual(['lock.mdb']);
  });

  it('fails without delay where no folder can be created', async () => {
    path = '/proc/none/data';
    expect(await refusal()).toMatch(/^The data folder \/proc\/none\/data cannot be created \([A-Z]+\)\.$/);
  });

  it.each([
    ['2', 'was written by a newer version of this service'],
    ['one', 'has a damaged version file'],
    ['', 'has a damaged version file'],
  ])('refuses the version %j', async (version, reason) => {
    await openAndRelease();
    await writeFile(join(path, 'version'), version);
    expect(await refusal()).toBe(`The data folder ${path} ${reason}; nothing was changed.`);
  });

  it('resumes a first start that was interrupted between its steps', async () => {
    const { secrets } = await openAndRelease();
    await rm(join(path, 'version'));
    await writeFile(join(path, 'secrets.json.unfinished'), '{"MASTER');
    expect((await openAndRelease()).secrets).toEqual(secrets);
  });

  it('K-01 creates no new secrets for a folder whose secrets are missing', async () => {
    await openAndRelease();
    await rm(join(path, 'secrets.json'));
    expect(await refusal()).toMatch(
      /^The secrets in .*secrets\.json cannot be read \(ENOENT\); nothing was changed\.$/,
    );
    expect(await readdir(path)).toEqual(['version']);
  });

  it('K-01 refuses secrets that every user can access', async () => {
    await openAndRelease();
    await chmod(join(path, 'secrets.json'), 0o604);
    expect(await refusal()).toMatch(/secrets\.json is accessible to every user; run chmod 600/);
  });

  it.each(['MASTER_KEY', 'ADDRESS_KEY', 'PASSWORD_PEPPER', 'ACCESS_TOKEN_KEY', 'DATABASE_PASSWORD_QUERY'])(
    'K-01 names a missing or damaged %s without showing any value',
    async (name) => {
      await openAndRelease();
      const file = join(path, 'secrets.json');
      const { [name]: _, ...others } = JSON.parse(await readFile(file, 'utf8'));
      await writeFile(file, JSON.stringify(others));
      expect(await refusal()).toBe(`${name} in ${file} is missing or damaged; nothing was changed.`);
      await writeFile(file, JSON.stringify({ ...others, [name]: 'c2hvcnQ' }));
      const message = await refusal();
      expect(message).toBe(`${name} in ${file} is missing or damaged; nothing was changed.`);
    },
  );

  it.each(['', '{"MASTER_KEY": "aGVsbG8', 'null'])(
    'K-01 refuses the damaged content %j without quoting it',
    async (text) => {
      await openAndRelease();
      await writeFile(join(path, 'secrets.json'), text);
      expect(await refusal()).toBe(
        `${join(path, 'secrets.json')} is damaged: it does not contain a JSON object; nothing was changed.`,
      );
    },
  );

  it('fails with one sentence when the folder cannot be created or its version cannot be read', async () => {
    await writeFile(path, 'a file');
    expect(await refusal()).toMatch(/^The data folder .* cannot be created \(EEXIST\)\.$/);
    await rm(path);
    await openAndRelease();
    await rm(join(path, 'version'));
    await mkdir(join(path, 'version'));
    expect(await refusal()).toMatch(/^The data folder .* cannot be read \(EISDIR\)\.$/);
  });

  it('refuses the folder of another user, also to root, whose files would mix with those of its owner', async () => {
    await openAndRelease();
    const { uid } = await stat(join(path, 'secrets.json'));
    const user = jest.spyOn(process, 'getuid').mockReturnValue(uid + 1);
    expect(await refusal()).toContain(`belongs to another user (uid ${uid})`);
    user.mockRestore();
    await openAndRelease();
  });
});
