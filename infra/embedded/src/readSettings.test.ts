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
  it('needs nothing, and gives what the process itself is configured by', () => {
    expect(readSettings({ PORT: '0', PASSWORD_HASH: 'argon2id' })).toMatchObject({ PORT: 0, PUBLIC_URL: undefined });
  });

  it('K-01 lists every fault of every part once, by name', () => {
    const env = {
      PORT: 'x',
      PUBLIC_URL: 'ftp://x',
      CORS_ORIGINS: '*',
      LIMIT_MAILS_PER_SOURCE: '0',
      LAG_LIMIT_SECONDS: 'x',
    };
    expect(faultsOf(env).map((fault) => fault.split(' ')[0])).toEqual([
      'PORT',
      'PUBLIC_URL',
      'CORS_ORIGINS',
      'LIMIT_MAILS_PER_SOURCE',
      'LAG_LIMIT_SECONDS',
    ]);
  });

  it('K-01 asks nobody for a secret that comes from the data folder', () => {
    expect(faultsOf({ MASTER_KEY: 'short', ACCESS_TOKEN_KEY_FILE: '/nowhere' })).toEqual([]);
  });
});
