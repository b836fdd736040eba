import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closers } from '@ums/kit/closers';
import { silentLog } from '@ums/kit/log';
import type { RunningService } from '@ums/kit/readiness';
import { testEventStore } from '../../infra/embedded/test/eventStore.js';
import { execute, testDatabase } from '../../infra/embedded/test/postgres.js';
import { until } from '../../infra/kit/test/until.js';
import { testEnvironment } from '../test/testApi.js';
import { readConfig, readRewrapConfig, readRewriteAddressesConfig } from './config.js';
import { rewrap } from './rewrap.js';
import { rewriteAddresses } from './rewriteAddresses.js';
import { startCommandApi } from './service.js';

const NEW = randomBytes(32).toString('base64');
const quiet = { log: silentLog, onProgress: () => undefined };

describe('rewriteAddresses', () => {
  const { onClose, close } = closers();
  let environment: Record<string, string>;
  let vaultUrl: string;
  beforeAll(async () => {
    const [database, store] = await Promise.all([testDatabase('vault'), testEventStore()]);
    onClose(database.drop);
    onClose(store.close);
    vaultUrl = database.url;
    environment = { ...testEnvironment(), EVENTSTORE_URL: store.url, VAULT_DATABASE_URL: vaultUrl };
  });
  afterAll(close);

  const config = (change: Record<string, string> = {}) =>
    readRewriteAddressesConfig({
      ...environment,
      ...{ ADDRESS_KEY: NEW, ADDRESS_KEY_PREVIOUS: environment.ADDRESS_KEY ?? '' },
      ...change,
    });
  const startWith = (change: Record<string, string>): Promise<RunningService> =>
    startCommandApi(readConfig({ ...environment, ...change }), { log: silentLog });
  const noConnections = async () => {
    const sql = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    await until(async () => (await execute(vaultUrl, sql)).rowCount === 0);
  };

  it('says in one sentence that no service has started on the vault, or that it does not answer', async () => {
    await expect(rewriteAddresses(config(), quiet)).rejects.toThrow(/^This version of command-api has never started/);
    await expect(
      rewriteAddresses(config({ VAULT_DATABASE_URL: 'postgres://127.0.0.1:1/vault' }), quiet),
    ).rejects.toThrow('The vault does not answer (ECONNREFUSED).');
    await expect(rewrap(readRewrapConfig(environment), quiet)).rejects.toThrow(/has never started on this vault\.$/);
  });

  it('K-01 refuses while a service runs, and afterwards leaves a vault that only the new key opens', async () => {
    const service = await startWith({});
    await expect(rewriteAddresses(config(), quiet)).rejects.toThrow(
      /^The vault is in use \(.*reconciler.*\): stop all services/,
    );
    await service.close();
    await noConnections();
    const noLog = config({ EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false' });
    await expect(rewriteAddresses(noLog, quiet)).rejects.toThrow('The event log does not answer.');
    await expect(rewriteAddresses(config({ MASTER_KEY: NEW }), quiet)).rejects.toThrow('MASTER_KEY is not the secret');
    expect(await rewriteAddresses(config(), quiet)).toBe(true);
    expect(await rewriteAddresses(config(), quiet)).toBe(false);
    await expect(startWith({})).rejects.toThrow('ADDRESS_KEY is not the secret this vault was made with.');
    await (await startWith({ ADDRESS_KEY: NEW })).close();
  });
});
