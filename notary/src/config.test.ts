import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const required = {
  EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
  DATABASE_URL: 'postgres://notary@127.0.0.1:5432/users',
  VAULT_DATABASE_URL: 'postgres://notary@127.0.0.1:5432/vault',
  CHECKPOINT_DIR: '/var/lib/notary',
  NOTARY_KEY: 'h5wZ0bq7n1Jt0J6o2JmYwq5sUe0m3b8yX1r9cGdVfQk=',
};

describe('readConfig', () => {
  it('K-01 lists every invalid variable at once, without values', () => {
    const read = () => readConfig({ DATABASE_URL: 'nowhere', NOTARY_KEY: 'short', CHECKPOINT_LOCK_DAYS: '0' });
    expect(read).toThrow(
      /EVENTSTORE_URL is missing[\s\S]*DATABASE_URL must[\s\S]*VAULT_DATABASE_URL is missing[\s\S]*NOTARY_KEY is too short[\s\S]*CHECKPOINT_LOCK_DAYS must/,
    );
    expect(read).not.toThrow(/nowhere/);
  });

  it('K-01 refuses a key or a name that cannot sign, and to have no place, together with all other faults', () => {
    const change = { NOTARY_KEY: 'a secret of another form', NOTARY_ORIGIN: 'two +words', CHECKPOINT_DIR: '' };
    const read = () => readConfig({ ...required, ...change, NOTARY_KEY_PREVIOUS: 'another such secret' });
    expect(read).toThrow(
      /NOTARY_KEY must be an Ed25519 key[^\n]*\n {2}NOTARY_KEY_PREVIOUS must be an Ed25519 key[^\n]*\n {2}NOTARY_ORIGIN must have[^\n]*\n {2}CHECKPOINT_DIR or CHECKPOINT_BUCKET must be set[^\n]*$/,
    );
    expect(read).not.toThrow(/secret of another|such secret|words/);
    const { CHECKPOINT_BUCKET } = readConfig({ ...required, CHECKPOINT_DIR: '', CHECKPOINT_BUCKET: 'checkpoints' });
    expect(CHECKPOINT_BUCKET).toBe('checkpoints');
  });

  it('sets defaults for optional variables, and has no bucket of users', () => {
    const config = readConfig(required);
    expect(config).toMatchObject({ HOST: '127.0.0.1', METRICS_PORT: 9464, S3_REGION: 'us-east-1', BACKUP_DAYS: 30 });
    expect(config.NOTARY_ORIGIN).toBeUndefined();
    expect(config).not.toHaveProperty('S3_BUCKET');
  });
});
