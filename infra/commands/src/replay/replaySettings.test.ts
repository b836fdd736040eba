import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeEngines } from '@ums/embedded/dataFolder/enginesFile';
import { replaySettings } from './replaySettings.js';

const AUDIT_TOKEN = 'header.payload-of-a-token.signature';

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
    const credentials = { accessKeyId: 'i', secretAccessKey: 's' };
    const objectStorage = { endpoint: 'o', region: 'r', bucket: 'b', credentials };
    const urls = { inbox: 'i', objectStorage, postgres: 'p', vault: 'v', eventLog: 'e', users: 'u' };
    await writeEngines(folder, { ...urls, api: 'http://127.0.0.1:3000' });
    expect(await replaySettings({ AUDIT_TOKEN, DATA_DIR: folder })).toMatchObject({ api: 'http://127.0.0.1:3000' });
  });

  it.each([
    [{}, /AUDIT_TOKEN is missing/],
    [{ AUDIT_TOKEN: 'two words, not a token' }, /AUDIT_TOKEN must be an access token$/],
    [{ AUDIT_TOKEN, API_URL: 'users.example.org' }, /API_URL must be an http: or https: URL/],
  ])('K-01 are refused without their values: %j', async (env, message) => {
    await expect(replaySettings(env)).rejects.toThrow(message);
  });
});
