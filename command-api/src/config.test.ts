import { describe, expect, it } from '@jest/globals';
import { ConfigFault } from '@ums/kit/env';
import { silentLog } from '@ums/kit/log';
import { testEnvironment } from '../test/testApi.js';
import { readConfig } from './config.js';
import { listenOptions } from './hostOptions.js';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
};
const SECRETS = [
  'MASTER_KEY',
  'ADDRESS_KEY',
  'MAIL_TOKEN_KEY',
  'PASSWORD_PEPPER',
  'REFRESH_TOKEN_KEY',
  'ACCESS_TOKEN_KEY',
];

describe('configuration of command-api', () => {
  it('H-03 keeps idle connections for KEEP_ALIVE_SECONDS', () => {
    const config = readConfig({ ...testEnvironment(), KEEP_ALIVE_SECONDS: '120' });
    expect(listenOptions(config, silentLog)).toMatchObject({ host: '127.0.0.1', port: 8080, keepAliveSeconds: 120 });
  });

  it('K-01 has no default for any secret, and lists all missing variables at once', () => {
    const missing = faultsOf({}).map((fault) => fault.split(' ')[0]);
    expect(missing).toEqual([
      'S3_BUCKET',
      'EVENTSTORE_URL',
      'VAULT_DATABASE_URL',
      'DATABASE_URL',
      ...SECRETS.slice(0, 4),
      'ACCESS_TOKEN_KEY',
      'REFRESH_TOKEN_KEY',
    ]);
  });

  it.each(SECRETS)(
    'K-01 refuses a %s that is too short or consists of one repeated byte, without showing it',
    (name) => {
      for (const bad of [
        'Sh0rt',
        'changeme',
        ...(name === 'ACCESS_TOKEN_KEY' ? [] : [Buffer.alloc(32, 1).toString('base64')]),
      ]) {
        const faults = faultsOf({ ...testEnvironment(), [name]: bad });
        expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
        expect(faults.join()).not.toContain(bad);
      }
    },
  );

  it('K-01 lists keys of access tokens and a log that cannot be used with all other faults, without their values', () => {
    const inOneLine = testEnvironment().ACCESS_TOKEN_KEY?.replaceAll('\n', '\\n') ?? '';
    const EVENTSTORE_URL = '"esdb://127.0.0.1:2113?tls=false"';
    const keys = { ACCESS_TOKEN_KEY: inOneLine, ACCESS_TOKEN_KEY_PREVIOUS: 'no key of anybody' };
    const faults = faultsOf({ ...testEnvironment(), ...keys, EVENTSTORE_URL, PORT: 'x' });
    expect(faults).toEqual([
      expect.stringMatching(/^PORT /),
      'EVENTSTORE_URL must begin with esdb:// or esdb+discover://',
      'ACCESS_TOKEN_KEY must be a private key of EC P-256 in PEM',
      'ACCESS_TOKEN_KEY_PREVIOUS must be a key of EC P-256 in PEM, private or public',
    ]);
  });

  it('needs a bucket for uploads even if a CDN shows the pictures', () => {
    expect(faultsOf({ ...testEnvironment(), S3_BUCKET: '', PICTURES_URL: 'https://cdn.example.org' })).toEqual([
      'S3_BUCKET is missing',
    ]);
  });

  it('R-05 refuses a thread pool that two hashes would use up', () => {
    expect(faultsOf({ ...testEnvironment(), UV_THREADPOOL_SIZE: '2' })).toEqual([
      expect.stringMatching(/^UV_THREADPOOL_SIZE must be an integer from 4/),
    ]);
  });

  it('T-07 bounds the grace period of refresh tokens to a minute', () => {
    expect(readConfig(testEnvironment()).REFRESH_GRACE_SECONDS).toBe(30);
    for (const seconds of ['0', '61'])
      expect(faultsOf({ ...testEnvironment(), REFRESH_GRACE_SECONDS: seconds })).toEqual([
        expect.stringMatching(/^REFRESH_GRACE_SECONDS must be an integer from 1/),
      ]);
  });

  it('shows sign-ins for 400 days unless it is told otherwise, and for a day at least', () => {
    expect(readConfig(testEnvironment()).SIGN_IN_HISTORY_DAYS).toBe(400);
    expect(faultsOf({ ...testEnvironment(), SIGN_IN_HISTORY_DAYS: '0' })).toEqual([
      expect.stringMatching(/^SIGN_IN_HISTORY_DAYS must be an integer from 1/),
    ]);
  });

  it('E-07 takes the link to go on to from APP_URL, and no other scheme than http and https', () => {
    expect(readConfig(testEnvironment())).toMatchObject({ APP_NAME: 'User management', APP_URL: undefined });
    expect(readConfig({ ...testEnvironment(), APP_URL: 'https://app.example.org/#/log-in' })).toMatchObject({
      APP_URL: 'https://app.example.org/#/log-in',
    });
    expect(faultsOf({ ...testEnvironment(), APP_URL: 'javascript:alert(1)', APP_NAME: 'two\nlines' })).toEqual([
      expect.stringMatching(/^APP_NAME must be one line/),
      expect.stringMatching(/^APP_URL must be an http: or https: URL/),
    ]);
  });

  it('A-03 takes a hash that is cheap enough for tests, except in production', () => {
    const production = { ...testEnvironment(), NODE_ENV: 'production', REQUIRE_TLS: 'false' };
    const cheap = { PASSWORD_HASH: 'bcrypt:5' };
    expect(readConfig({ ...testEnvironment(), ...cheap })).toMatchObject(cheap);
    expect(faultsOf({ ...production, ...cheap })).toEqual([
      'PASSWORD_HASH must be one of argon2id, bcrypt:10, bcrypt:11, bcrypt:12, bcrypt:13, bcrypt:14',
    ]);
    expect(readConfig({ ...production, PASSWORD_HASH: 'bcrypt:10' })).toMatchObject({ PASSWORD_HASH: 'bcrypt:10' });
  });

  it('has defaults for the limits and the cost of hashes', () => {
    const { PASSWORD_HASH: _, LIMIT_REQUESTS_PER_SOURCE: __, ...environment } = testEnvironment();
    expect(readConfig(environment)).toMatchObject({
      PASSWORD_HASH: 'bcrypt:12',
      LIMIT_REQUESTS_PER_SOURCE: 300,
      LIMIT_CHANGES_PER_USER: 200,
      LIMIT_FAILURES_PER_ACCOUNT_AND_SOURCE: 10,
      LIMIT_FAILURES_PER_ACCOUNT: 100,
      LIMIT_FAILURES_PER_SOURCE: 300,
      LIMIT_MAILS_PER_ADDRESS_AND_SOURCE: 3,
      LIMIT_MAILS_PER_SOURCE: 60,
    });
  });
});
