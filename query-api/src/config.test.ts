import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { readConfig } from './config.js';
import { listenOptions } from './hostOptions.js';

const url = 'postgres://query@127.0.0.1:5432/users';
const required = {
  EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
  MASTER_KEY: randomBytes(32).toString('base64url'),
  DATABASE_URL: url,
  VAULT_DATABASE_URL: url,
  ACCESS_TOKEN_JWKS: 'jwks.json',
  S3_BUCKET: 'user-files',
};

describe('readConfig', () => {
  it('lists every invalid variable at once, without values', () => {
    expect(() => readConfig({ DATABASE_URL: 'nowhere', PORT: '70000' })).toThrow(
      /EVENTSTORE_URL is missing[\s\S]*DATABASE_URL must[\s\S]*VAULT_DATABASE_URL is missing[\s\S]*MASTER_KEY is missing[\s\S]*ACCESS_TOKEN_JWKS is missing[\s\S]*PORT must[\s\S]*S3_BUCKET is missing/,
    );
    expect(() => readConfig({ DATABASE_URL: 'nowhere' })).not.toThrow(/nowhere/);
  });

  it('H-03 keeps idle connections for KEEP_ALIVE_SECONDS', () => {
    const config = readConfig({ ...required, KEEP_ALIVE_SECONDS: '120' });
    expect(listenOptions(config, silentLog)).toMatchObject({ host: '127.0.0.1', port: 8080, keepAliveSeconds: 120 });
  });

  it('sets defaults for optional variables', () => {
    expect(readConfig(required)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8080,
      PUBLIC_URL: 'http://127.0.0.1:8080',
      CORS_ORIGINS: [],
      TRUSTED_PROXIES: [],
      KEEP_ALIVE_SECONDS: 75,
      BACKUP_DAYS: 30,
      LIMIT_REQUESTS_PER_SOURCE: 300,
      LIMIT_READS_PER_AUDITOR: 600,
    });
  });
});
