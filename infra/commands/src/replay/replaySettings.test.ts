import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeEngines } from '@ums/embedded/dataFolder/enginesFile';
import { withEnvironment } from '../../../engines/test/withEnvironment.js';
import { replaySettings } from './replaySettings.js';

const AUDIT_TOKEN = 'header.payload-of-a-token.signature';
const NOWHERE = 'http://127.0.0.1:9';
const credentials = { accessKeyId: 'i', secretAccessKey: 's' };
const objectStorage = { endpoint: 'o', region: 'r', bucket: 'b', credentials };
const ENGINES = { inbox: 'i', objectStorage, postgres: 'p', vault: 'v', eventLog: 'e', users: 'u' };

describe('the settings of a replay', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-commands-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('have the URL of the environment, or that of the service on the data folder', async () => {
    const env = { AUDIT_TOKEN, API_URL: 'https://users.example.org/base/', DATA_DIR: folder };
    expect(await replaySettings(env)).toEqual({ api: 'https://users.example.org/base', token: AUDIT_TOKEN });
    await expect(replaySettings({ AUDIT_TOKEN, DATA_DIR: folder })).rejects.toThrow('No service is running');
    await writeEngines(folder, { ...ENGINES, api: 'http://127.0.0.1:3000' });
    expect(await replaySettings({ AUDIT_TOKEN, DATA_DIR: folder })).toMatchObject({ api: 'http://127.0.0.1:3000' });
  });

  it.each([
    [{}, undefined],
    [{ API_URL: 'http://127.0.0.1:3000' }, undefined],
    [{ API_URL: 'https://users.example.org' }, NOWHERE],
  ])('K-01 keep the token from a proxy of the shell, except for another machine: %j', async (given, proxy) => {
    // The address of a service whose HOST is not on loopback.
    await writeEngines(folder, { ...ENGINES, api: 'http://192.0.2.1:3000' });
    await withEnvironment({ http_proxy: NOWHERE, no_proxy: 'other.example' }, async () => {
      await replaySettings({ AUDIT_TOKEN, DATA_DIR: folder, ...given });
      expect(process.env.http_proxy).toBe(proxy);
      expect(process.env.no_proxy).toBe(proxy === undefined ? '*' : 'other.example');
    });
  });

  it.each([
    [{}, /AUDIT_TOKEN is missing/],
    [{ AUDIT_TOKEN: 'two words, not a token' }, /AUDIT_TOKEN must be an access token$/],
    [{ AUDIT_TOKEN, API_URL: 'users.example.org' }, /API_URL must be an http: or https: URL/],
  ])('K-01 are refused without their values: %j', async (env, message) => {
    await expect(replaySettings(env)).rejects.toThrow(message);
  });
});
