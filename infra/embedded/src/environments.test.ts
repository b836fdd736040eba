import { describe, expect, it } from '@jest/globals';
import { newSecrets } from './dataFolder/secrets.js';
import { environments } from './environments.js';
import type { RunningEngines } from './startEngines.js';

const keys = Object.keys(newSecrets());
const engines = {
  dataDir: '/data',
  secrets: { environment: Object.fromEntries(keys.map((name) => [name, `from the data folder: ${name}`])) },
  inbox: 'http://127.0.0.1:1',
  objectStorage: {
    endpoint: 'http://127.0.0.1/s3',
    region: 'us-east-1',
    bucket: 'user-files',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  },
  eventLog: 'esdb://127.0.0.1:2?tls=false',
  vaultFor: (role: string) => `postgresql://${role}@127.0.0.1:3/vault`,
  usersFor: (role: string) => `postgresql://${role}@127.0.0.1:3/users`,
} as unknown as RunningEngines;
const options = { publicUrl: 'http://127.0.0.1:4', jwks: '/data/jwks.json' };

describe('environments', () => {
  it('K-01 gives each service only the secrets it needs', () => {
    const secretsOf = Object.entries(environments(engines, { env: {}, ...options })).map(([service, environment]) => [
      service,
      keys.filter((name) => name in environment),
    ]);
    expect(Object.fromEntries(secretsOf)).toEqual({
      'command-api': keys.filter((name) => name !== 'NOTARY_KEY'),
      projector: ['MASTER_KEY'],
      notifier: ['MASTER_KEY', 'ADDRESS_KEY', 'MAIL_TOKEN_KEY'],
      notary: ['NOTARY_KEY'],
      'query-api': ['MASTER_KEY'],
    });
  });

  it('K-03 gives the former key of the notary to the notary alone', () => {
    const { environment } = engines.secrets;
    const renewed = { ...engines, secrets: { environment: { ...environment, NOTARY_KEY_PREVIOUS: 'a public key' } } };
    const all = environments(renewed as unknown as RunningEngines, { env: {}, ...options });
    const holders = Object.entries(all).filter(([, { NOTARY_KEY_PREVIOUS: former }]) => former === 'a public key');
    expect(holders.map(([service]) => service)).toEqual(['notary']);
    expect(JSON.stringify(all).split('a public key')).toHaveLength(2);
  });

  it("K-01 drops the caller's secrets and passes on the other settings", () => {
    const env = {
      MASTER_KEY: 'foreign',
      PASSWORD_PEPPER_FILE: '/foreign',
      NOTARY_KEY_PREVIOUS: 'foreign',
      PASSWORD_HASH: 'bcrypt:4',
      MAIL_FROM: 'a@example.org',
    };
    const all = environments(engines, { env, ...options });
    expect(JSON.stringify(all)).not.toContain('foreign');
    expect(all['command-api'].PASSWORD_HASH).toBe('bcrypt:4');
    expect(all.notifier.MAIL_FROM).toBe('a@example.org');
  });

  it('names the sender of mails as the application, unless there is a sender', () => {
    const senderOf = (env: Record<string, string>) => environments(engines, { env, ...options }).notifier.MAIL_FROM;
    expect(senderOf({})).toBe('User service <no-reply@localhost.localdomain>');
    expect(senderOf({ APP_NAME: 'Club' })).toBe('Club <no-reply@localhost.localdomain>');
    expect(senderOf({ APP_NAME: 'Club', MAIL_FROM: 'a@example.org' })).toBe('a@example.org');
  });

  it('gives all services the addresses of the real engines that were started', () => {
    const realEngines = { kafka: { brokers: '127.0.0.1:5' }, openSearch: { url: 'http://127.0.0.1:6' } };
    const settings = { KAFKA_BROKERS: '127.0.0.1:5', OPENSEARCH_URL: 'http://127.0.0.1:6' };
    const all = environments({ ...engines, realEngines } as unknown as RunningEngines, { env: {}, ...options });
    for (const environment of Object.values(all)) expect(environment).toMatchObject(settings);
    expect(environments(engines, { env: {}, ...options }).projector).not.toHaveProperty('KAFKA_BROKERS');
  });

  it('gives the object storage to the services that use it, and drops settings for another one', () => {
    const env = {
      ...{ S3_ENDPOINT: 'https://foreign.example', S3_BUCKET: 'foreign', AWS_REGION: 'foreign' },
      PICTURES_URL: 'https://foreign.example',
      CHECKPOINT_BUCKET: 'foreign',
    };
    const all = environments(engines, { env, ...options });
    for (const service of ['command-api', 'notifier', 'query-api'] as const)
      expect(all[service]).toMatchObject({
        S3_ENDPOINT: 'http://127.0.0.1/s3',
        S3_PUBLIC_ENDPOINT: 'http://127.0.0.1/s3',
        S3_REGION: 'us-east-1',
        S3_BUCKET: 'user-files',
        S3_ACCESS_KEY_ID: 'id',
        S3_SECRET_ACCESS_KEY: 'secret',
      });
    expect(JSON.stringify(all)).not.toContain('foreign');
    expect(all.projector).not.toHaveProperty('S3_BUCKET');
  });

  it('keeps checkpoints in the data folder, or in the folder of the setting', () => {
    expect(environments(engines, { env: {}, ...options }).notary.CHECKPOINT_DIR).toBe('/data/checkpoints');
    const env = { CHECKPOINT_DIR: '/elsewhere' };
    expect(environments(engines, { env, ...options }).notary.CHECKPOINT_DIR).toBe('/elsewhere');
  });

  it('gives each service database URLs with its own role', () => {
    const all = environments(engines, { env: {}, ...options });
    expect(all['command-api'].VAULT_DATABASE_URL).toBe('postgresql://command@127.0.0.1:3/vault');
    expect(all['command-api'].DATABASE_URL).toBe('postgresql://command@127.0.0.1:3/users');
    expect(all.projector.DATABASE_URL).toBe('postgresql://projector@127.0.0.1:3/users');
    expect(all.notifier.VAULT_DATABASE_URL).toBe('postgresql://notifier@127.0.0.1:3/vault');
    expect(all.notary.DATABASE_URL).toBe('postgresql://notary@127.0.0.1:3/users');
    expect(all['query-api'].DATABASE_URL).toBe('postgresql://query@127.0.0.1:3/users');
  });
});
