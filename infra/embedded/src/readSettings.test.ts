import { describe, expect, it } from '@jest/globals';
import { ConfigFault } from '@ums/kit/env';
import { readSettings } from './readSettings.js';

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  return [];
};

describe('readSettings', () => {
  it('requires no variable and returns the settings of the process itself', () => {
    expect(readSettings({ PORT: '0', PASSWORD_HASH: 'argon2id' })).toMatchObject({ PORT: 0, PUBLIC_URL: undefined });
  });

  it('K-01 lists the faults of all services by variable, each once', () => {
    const env = {
      PORT: 'x',
      PUBLIC_URL: 'ftp://x',
      CORS_ORIGINS: '*',
      LIMIT_MAILS_PER_SOURCE: '0',
      TRUSTED_PROXIES: 'x',
      LAG_LIMIT_SECONDS: 'x',
    };
    expect(faultsOf(env).map((fault) => fault.split(' ')[0])).toEqual([
      'PORT',
      'PUBLIC_URL',
      'CORS_ORIGINS',
      'TRUSTED_PROXIES',
      'LIMIT_MAILS_PER_SOURCE',
      'LAG_LIMIT_SECONDS',
    ]);
  });

  it('K-01 tells of a name that cannot be used once, not of the sender made of it', () => {
    expect(faultsOf({ APP_NAME: 'two\nlines' })).toEqual([expect.stringMatching(/^APP_NAME must be one line/)]);
    for (const APP_NAME of ['Tea, "Co" <x@y>', 'Ü\\', '<>', '"']) expect(faultsOf({ APP_NAME })).toEqual([]);
  });

  it('K-04 accepts the engines of this machine where TLS is required, but no others in plain text', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([]);
    const engines = { KAFKA_BROKERS: 'kafka:9092', OPENSEARCH_URL: 'http://opensearch:9200' };
    expect(faultsOf({ ...engines, NODE_ENV: 'production', REQUIRE_TLS: 'false' })).toEqual([]);
    expect(faultsOf({ ...engines, REQUIRE_TLS: 'true' }).map((fault) => fault.split(' ')[0])).toEqual([
      'OPENSEARCH_URL',
      'KAFKA_BROKERS',
    ]);
  });

  it('refuses equal ports, except 0 and ports on different addresses', () => {
    expect(faultsOf({ PORT: '9464', INBOX_PORT: '9464' })).toEqual([
      'INBOX_PORT must differ from PORT',
      'METRICS_PORT must differ from PORT',
    ]);
    expect(faultsOf({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0' })).toEqual([]);
    expect(faultsOf({ HOST: '192.0.2.7', PORT: '8025' })).toEqual([]);
  });

  it('K-01 ignores secrets of the environment, which come from the data folder', () => {
    expect(
      faultsOf({
        MASTER_KEY: 'short',
        MAIL_FROM: '',
        ACCESS_TOKEN_KEY_PREVIOUS: 'x',
        ACCESS_TOKEN_KEY_FILE: '/nowhere',
      }),
    ).toEqual([]);
  });
});
