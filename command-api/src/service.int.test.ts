import { createPublicKey, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { testEventStore } from '../../infra/embedded/test/eventStore.js';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { newSigningKey, pemOf } from '../../infra/identity/test/accessTokens.js';
import { testEnvironment } from '../test/testApi.js';
import { readConfig } from './config.js';
import { commandReadiness } from './readiness.js';
import { startCommandApi } from './service.js';

const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

const engines = async () => {
  const [vault, store] = await Promise.all([testDatabase('vault'), testEventStore()]);
  closes.push(vault.drop, store.close);
  return { EVENTSTORE_URL: store.url, VAULT_DATABASE_URL: vault.url };
};
const started = async (environment: Record<string, string>) => {
  const service = await startCommandApi(readConfig(environment), { log: silentLog });
  await service.close();
};
const random = () => randomBytes(32).toString('base64');
describe('command-api', () => {
  it.each([
    ['MASTER_KEY', random],
    ['ADDRESS_KEY', random],
    ['MAIL_TOKEN_KEY', random],
    ['PASSWORD_PEPPER', random],
    ['REFRESH_TOKEN_KEY', random],
    ['ACCESS_TOKEN_KEY', newSigningKey],
  ])('K-01 refuses to start with a %s that the vault was not created with', async (name, newSecret) => {
    const environment: Record<string, string> = { ...testEnvironment(), ...(await engines()) };
    await started(environment);
    await started(environment);
    await expect(started({ ...environment, [name]: newSecret() })).rejects.toThrow(
      `${name} is not the secret this vault was made with.`,
    );
  });

  it('K-01 accepts a new secret along with the one it replaces, and later without it', async () => {
    const environment: Record<string, string> = { ...testEnvironment(), ...(await engines()) };
    await started(environment);
    const next = { ...environment, PASSWORD_PEPPER: random() };
    await started({ ...next, PASSWORD_PEPPER_PREVIOUS: environment.PASSWORD_PEPPER ?? '' });
    await started(next);
  });

  it('K-03 accepts a new access token key along with the old one, also if only the public half of that is given', async () => {
    const old = newSigningKey();
    const next = newSigningKey();
    const environment: Record<string, string> = { ...testEnvironment(), ...(await engines()) };
    await started({ ...environment, ACCESS_TOKEN_KEY: old });
    await started({ ...environment, ACCESS_TOKEN_KEY: old.replaceAll('\n', '\r\n') });
    const published = { ACCESS_TOKEN_KEY: next, ACCESS_TOKEN_KEY_PREVIOUS: pemOf(createPublicKey(old)) };
    await started({ ...environment, ...published });
    await started({ ...environment, ACCESS_TOKEN_KEY: next });
  });

  it('refuses a vault that belongs to a different event log', async () => {
    const environment: Record<string, string> = { ...testEnvironment(), ...(await engines()) };
    await started(environment);
    const other = await testEventStore();
    closes.push(other.close);
    await expect(started({ ...environment, EVENTSTORE_URL: other.url })).rejects.toThrow(
      'The vault belongs to event log',
    );
  });

  it('T-03 refuses an access token key that is not an EC P-256 private key', async () => {
    const environment = { ...testEnvironment(), ...(await engines()), ACCESS_TOKEN_KEY: 'not a key in PEM form' };
    await expect(started(environment)).rejects.toThrow('ACCESS_TOKEN_KEY must be a private key of EC P-256 in PEM');
    await started({ ...environment, ACCESS_TOKEN_KEY: newSigningKey() });
  });

  it('is not ready while the log, the vault or the reconciler is not', async () => {
    const up = {
      eventLog: { ready: async () => undefined },
      vault: { query: async () => [] },
      reconciler: { ready: async () => true },
    };
    const down = async () => {
      throw new LogUnavailable();
    };
    type Parts = Parameters<typeof commandReadiness>[0];
    const readinessOf = (parts: object) => commandReadiness({ ...up, ...parts } as unknown as Parts);
    expect(await readinessOf({})).toEqual({ ready: true, checks: { log: 'up', vault: 'up', reconciler: 'up' } });
    expect(await readinessOf({ eventLog: { ready: down } })).toMatchObject({ ready: false, checks: { log: 'down' } });
    expect(await readinessOf({ vault: { query: down } })).toMatchObject({ ready: false, checks: { vault: 'down' } });
    expect(await readinessOf({ reconciler: { ready: async () => false } })).toMatchObject({
      ready: false,
      checks: { reconciler: 'behind' },
    });
    expect(await readinessOf({ reconciler: { ready: down } })).toMatchObject({
      ready: false,
      checks: { reconciler: 'down' },
    });
  });
});
