import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isErased } from '@ums/contracts/personal';
import { API_PREFIX } from '@ums/contracts/routes';
import { addressMac } from '@ums/identity/addressMac';
import { mailTokens } from '@ums/identity/mail-token/mailToken';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { createHost } from '@ums/kit/http/host';
import { listen } from '@ums/kit/http/listen';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import type pg from 'pg';
import { testEventStore } from '../../../infra/embedded/test/eventStore.js';
import { testDatabase } from '../../../infra/embedded/test/postgres.js';
import { ask } from '../../../infra/kit/test/ask.js';
import { until } from '../../../infra/kit/test/until.js';
import { PASSWORD, PATIENT, PATIENT_LOG, testEnvironment } from '../../test/testApi.js';
import { PATIENT_POOL } from '../../test/testVault.js';
import { type CommandApiConfig, readConfig, readRewrapConfig } from '../config.js';
import { hostOptions } from '../hostOptions.js';
import { rewrap } from '../rewrap.js';
import { startCommandApi } from '../service.js';
import { loadUser } from '../user/loadUser.js';

/** One process of the service. */
interface Instance {
  post(path: string, body: object): Promise<{ status: number; json: { accessToken: string; user: { id: string } } }>;
  erase(token: string): Promise<number>;
  close(): Promise<void>;
}

const CLIENTS = 4;
const [OLD, NEW] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

describe('replacing the master key under load', () => {
  const { onClose, close } = closers();
  let environment: Record<string, string>;
  let vault: pg.Pool;
  beforeAll(async () => {
    const [database, store] = await Promise.all([testDatabase('vault'), testEventStore()]);
    onClose(database.drop);
    onClose(store.close);
    vault = createPool({ url: database.url, applicationName: 'test', ...PATIENT_POOL, log: silentLog });
    onClose(() => vault.end());
    const limits = { LIMIT_MAILS_PER_SOURCE: '100000' };
    const urls = { EVENTSTORE_URL: store.url, VAULT_DATABASE_URL: database.url };
    environment = { ...testEnvironment(), ...urls, ...limits };
  });
  afterAll(close);

  const instance = async (keys: Record<string, string>): Promise<Instance> => {
    const config = readConfig({ ...environment, ...keys });
    const service = await startCommandApi(config, { log: silentLog, requestTimeouts: PATIENT });
    await until(async () => (await service.readiness()).ready);
    const server = await listen(createHost({ ...hostOptions(config, service, silentLog), eventLoopDelayMs: () => 0 }), {
      host: '127.0.0.1',
      port: 0,
      keepAliveSeconds: 1,
    });
    const base = `http://127.0.0.1:${server.port}${API_PREFIX}`;
    let running = 0;
    const counted = async <T>(work: Promise<T>): Promise<T> => {
      running += 1;
      return work.finally(() => {
        running -= 1;
      });
    };
    return {
      post: (path, body) => counted(ask(`${base}${path}`, 'POST', { body })),
      erase: async (token) =>
        (await counted(ask(`${base}/user`, 'DELETE', { token, body: { password: PASSWORD } }))).status,
      close: async () => {
        await until(() => running === 0);
        await server.close();
        await service.close();
      },
    };
  };

  const mailedToken = async (email: string): Promise<string> => {
    const mac = addressMac(createSecretKey(Buffer.from(environment.ADDRESS_KEY ?? '', 'base64')), email);
    const sql = 'select id, expires_at from registration where address_mac = $1';
    const { rows } = await vault.query<{ id: string; expires_at: Date }>(sql, [mac]);
    const tokens = mailTokens(Buffer.from(environment.MAIL_TOKEN_KEY ?? '', 'base64'));
    const { id = '', expires_at: expires = new Date() } = rows[0] ?? {};
    return tokens.issue({ purpose: 'confirm', ids: [id], addressMac: mac, expires });
  };

  it('K-01 loses nobody while services roll and keys are wrapped again, and the old key is not needed any more', async () => {
    const live: Instance[] = [];
    const [active, erased] = [new Map<string, string>(), new Set<string>()];
    let stopped = false;
    let turn = 0;
    const any = (): Instance => live[turn++ % live.length] as Instance;
    const client = async (): Promise<void> => {
      while (!stopped) {
        const email = `${randomUUID()}@example.org`;
        expect((await any().post('/auth/register', { email, name: 'Ada', password: PASSWORD })).status).toBe(202);
        // Before an instance is chosen, which may close meanwhile.
        const token = await mailedToken(email);
        const confirmed = await any().post('/auth/confirm', { token, password: PASSWORD });
        expect(confirmed.status).toBe(200);
        const { status, json } = await any().post('/auth/login', { email, password: PASSWORD });
        expect(status).toBe(200);
        const { id } = json.user;
        active.set(id, email);
        if (active.size % 3 !== 0) continue;
        expect(await any().erase(json.accessToken)).toBe(204);
        active.delete(id);
        erased.add(id);
      }
    };
    const roll = async (keys: Record<string, string>): Promise<void> => {
      for (const old of [...live]) {
        live.push(await instance(keys));
        live.splice(live.indexOf(old), 1);
        await old.close();
      }
    };
    const someMore = async (): Promise<void> => {
      const goal = active.size + erased.size + 15;
      // As long as that takes: the test as a whole is limited.
      while (active.size + erased.size < goal)
        if (await Promise.race([sleep(20, false), load.then(() => true)])) throw new Error('the load ended early');
    };

    live.push(await instance({ MASTER_KEY: OLD }), await instance({ MASTER_KEY: OLD }));
    const load = Promise.all(Array.from({ length: CLIENTS }, client)).catch((error: unknown) => {
      stopped = true;
      throw error;
    });
    await someMore();
    await roll({ MASTER_KEY: OLD, MASTER_KEY_PREVIOUS: NEW });
    await someMore();
    await roll({ MASTER_KEY: NEW, MASTER_KEY_PREVIOUS: OLD });
    await someMore();
    const url = { VAULT_DATABASE_URL: environment.VAULT_DATABASE_URL ?? '' };
    const keys = readRewrapConfig({ ...url, MASTER_KEY: NEW, MASTER_KEY_PREVIOUS: OLD });
    expect(await rewrap(keys, { log: silentLog, onProgress: () => undefined })).toBeGreaterThan(20);
    await someMore();
    await roll({ MASTER_KEY: NEW });
    await someMore();
    stopped = true;
    await load;

    for (const email of active.values())
      expect((await any().post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
    await expectReadable(readConfig({ ...environment, MASTER_KEY: NEW }), [...active.keys()], [...erased]);
    for (const one of live) await one.close();
    await expect(instance({ MASTER_KEY: OLD })).rejects.toThrow('MASTER_KEY is not the secret');
  }, 600_000);

  const expectReadable = async (config: CommandApiConfig, active: string[], erased: string[]): Promise<void> => {
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, ...PATIENT_LOG, log: silentLog });
    const keys = vaultDataKeys({ pool: vault, masterKeys: masterKeys(config.MASTER_KEY), clock: systemClock });
    for (const userId of active) {
      const [first] = (await loadUser({ eventLog, keys }, userId)).facts;
      expect(first).toMatchObject({ type: 'UserRegistered', data: { name: 'Ada' } });
    }
    expect(erased.length).toBeGreaterThan(5);
    for (const userId of erased) {
      const [first] = (await loadUser({ eventLog, keys }, userId)).facts;
      expect(first?.type === 'UserRegistered' && isErased(first.data.name)).toBe(true);
    }
    await eventLog.close();
  };
});
