import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkSecret } from '@ums/identity/vault/checkSecret';
import { silentLog } from '@ums/kit/log';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { startLogServer } from '../../infra/kit/test/logServer.js';
import { type TestVault, testVault } from '../test/testVault.js';
import { firstAdministrator } from './firstAdministrator.js';

const key = randomBytes(32);

describe('firstAdministrator', () => {
  let server: Awaited<ReturnType<typeof startLogServer>>;
  let vault: TestVault;
  beforeAll(async () => {
    [server, vault] = await Promise.all([startLogServer(), testVault()]);
  });
  afterAll(async () => {
    await vault.close();
    await server.close();
  });

  const config = (change = {}) => ({
    ...{ EVENTSTORE_URL: server.url, VAULT_DATABASE_URL: vault.url, MASTER_KEY: key, ADDRESS_KEY: key },
    MASTER_KEY_PREVIOUS: undefined,
    ...change,
  });
  const refusalOf = async (change = {}) => {
    const error = await firstAdministrator(config(change), { email: 'ada@example.org', log: silentLog }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: 'StartRefused' });
    return (error as Error).message;
  };

  it('A-07 asks whether the service is running if the vault or the event log does not answer', async () => {
    expect(await refusalOf({ VAULT_DATABASE_URL: 'postgres://127.0.0.1:1/vault' })).toMatch(/running/);
    expect(await refusalOf({ EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false' })).toMatch(/running/);
    const empty = await testDatabase('empty');
    expect(await refusalOf({ VAULT_DATABASE_URL: empty.url })).toMatch(/running/);
    await empty.drop();
  });

  it('K-01 names a secret that does not match the vault, without its value', async () => {
    await checkSecret(vault.pool, 'MASTER_KEY', key);
    const other = randomBytes(32);
    const message = await refusalOf({ MASTER_KEY: other });
    expect(message).toContain('MASTER_KEY');
    expect(message).not.toContain(other.toString('base64url'));
  });

  it('A-07 refuses an address that no active user has confirmed, without repeating it', async () => {
    const message = await refusalOf();
    expect(message).toBe('No active user has confirmed this address.');
    expect(message).not.toContain('ada@example.org');
  });
});
