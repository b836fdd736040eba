import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeEngines } from '@ums/embedded/dataFolder/enginesFile';
import { openDataFolder } from '@ums/embedded/dataFolder/openDataFolder';
import { adminEnvironment, appoint } from './appoint.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-commands-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('npm run admin', () => {
  it('fails with its usage when the arguments are wrong', async () => {
    for (const args of [[], ['--help'], ['a@example.org', 'b@example.org']]) {
      await expect(appoint(args, {})).rejects.toThrow('Usage: npm run -s admin -- <email>');
    }
  });

  it('fails with one sentence when no service is running on the data folder', async () => {
    await expect(appoint(['a@example.org'], { DATA_DIR: folder })).rejects.toThrow(
      `No service is running on the data folder ${folder};`,
    );
  });

  it('K-01 takes the URLs and the two secrets it needs from the running service', async () => {
    const data = await openDataFolder(folder);
    const credentials = { accessKeyId: 'i', secretAccessKey: 's' };
    const objectStorage = { endpoint: 'o', region: 'r', bucket: 'b', credentials };
    const urls = { api: 'a', inbox: 'i', objectStorage, postgres: 'p', users: 'u' };
    await writeEngines(folder, { ...urls, eventLog: 'esdb://127.0.0.1:1', vault: 'postgresql://127.0.0.1:1/vault' });
    const { MASTER_KEY, ADDRESS_KEY } = data.secrets.environment;
    expect(await adminEnvironment({}, folder)).toEqual({
      EVENTSTORE_URL: 'esdb://127.0.0.1:1',
      VAULT_DATABASE_URL: 'postgresql://127.0.0.1:1/vault',
      MASTER_KEY,
      ADDRESS_KEY,
    });
    await data.release();
  });

  it('uses the environment when it sets a URL, and lists the missing variables', async () => {
    const env = { EVENTSTORE_URL: 'esdb://127.0.0.1:1', DATA_DIR: folder };
    expect(await adminEnvironment(env, folder)).toBe(env);
    await expect(appoint(['a@example.org'], env)).rejects.toThrow(
      /VAULT_DATABASE_URL is missing[\s\S]*MASTER_KEY is missing/,
    );
  });

  it('fails with one sentence when nothing answers at the URLs', async () => {
    const data = await openDataFolder(folder);
    const env = {
      EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false',
      VAULT_DATABASE_URL: 'postgresql://127.0.0.1:1/vault',
      ...data.secrets.environment,
    };
    await expect(appoint(['a@example.org'], env)).rejects.toThrow('does not answer; is the service running?');
    await data.release();
  });
});
