import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeComposeEnv } from './writeComposeEnv.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-compose-env-'));
  path = join(folder, '.env');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const written = async () => parseEnv(await readFile(path, 'utf8'));

describe('npm run compose:env', () => {
  it('K-01 writes a file that only its owner may open, with a new secret for each name', async () => {
    await writeComposeEnv([], path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const { ACCESS_TOKEN_KEY = '', ...others } = await written();
    expect(Object.keys(others).sort()).toEqual([
      'ADDRESS_KEY',
      'DATABASE_PASSWORD_COMMAND',
      'DATABASE_PASSWORD_NOTARY',
      'DATABASE_PASSWORD_NOTIFIER',
      'DATABASE_PASSWORD_PROJECTOR',
      'DATABASE_PASSWORD_QUERY',
      'GRAFANA_PASSWORD',
      'MAIL_TOKEN_KEY',
      'MASTER_KEY',
      'NOTARY_KEY',
      'PASSWORD_PEPPER',
      'POSTGRES_PASSWORD',
      'REFRESH_TOKEN_KEY',
      'S3_ACCESS_KEY_ID',
      'S3_SECRET_ACCESS_KEY',
    ]);
    for (const value of Object.values(others)) expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(Object.values(others)).size).toBe(15);
    expect(createPrivateKey(ACCESS_TOKEN_KEY).asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  it('keeps a file that exists, and replaces it with --force', async () => {
    await writeFile(path, 'MASTER_KEY=kept\n');
    await expect(writeComposeEnv([], path)).rejects.toThrow(`${path} exists; nothing was changed.`);
    expect(await written()).toEqual({ MASTER_KEY: 'kept' });
    await writeComposeEnv(['--force'], path);
    expect((await written()).MASTER_KEY).toHaveLength(43);
  });

  it.each([[['--forced']], [['--force', '.env']]])('fails with its usage on %j', async (args) => {
    await expect(writeComposeEnv(args, path)).rejects.toThrow('Usage: npm run -s compose:env -- [--force]');
  });
});
