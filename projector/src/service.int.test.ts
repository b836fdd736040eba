import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkSecret } from '@ums/identity/vault/checkSecret';
import { silentLog } from '@ums/kit/log';
import { metricsText } from '@ums/kit/metrics';
import { migrate } from '@ums/kit/postgres/migrate';
import { testEventStore } from '../../infra/embedded/test/eventStore.js';
import { execute, testDatabase } from '../../infra/embedded/test/postgres.js';
import { patientPool } from '../../infra/kit/test/patientPool.js';
import { until } from '../../infra/kit/test/until.js';
import { registerUser } from '../test/registerUser.js';
import { type ProjectorConfig, readConfig } from './config.js';
import { startProjector } from './service.js';

const key = randomBytes(32);

describe('startProjector', () => {
  let engines: { store: Awaited<ReturnType<typeof testEventStore>>; read: Database; vault: Database };
  let config: ProjectorConfig;
  type Database = Awaited<ReturnType<typeof testDatabase>>;

  beforeAll(async () => {
    const [store, read, vault] = await Promise.all([testEventStore(), testDatabase('users'), testDatabase('vault')]);
    engines = { store, read, vault };
    const dir = join(import.meta.dirname, '../../command-api/migrations');
    await migrate({ url: vault.url, dir, log: silentLog });
    const pool = patientPool(vault.url);
    await checkSecret(pool, 'MASTER_KEY', key);
    await pool.end();
    config = readConfig({
      EVENTSTORE_URL: store.url,
      DATABASE_URL: read.url,
      VAULT_DATABASE_URL: vault.url,
      MASTER_KEY: key.toString('base64'),
      METRICS_PORT: '0',
      LAG_LIMIT_SECONDS: '1',
    });
  });
  afterAll(async () => {
    await engines.store.close();
    await Promise.all([engines.read.drop(), engines.vault.drop()]);
  });

  const register = (): Promise<string> =>
    registerUser({ vaultUrl: engines.vault.url, eventLogUrl: config.EVENTSTORE_URL, key });
  const storedUserIds = async (): Promise<string[]> =>
    (await execute(engines.read.url, 'select user_id from read.user_profile_v1')).rows.map((row) => row.user_id);

  it('folds a real log, continues after a restart, and is ready when it is not behind', async () => {
    const projector = await startProjector(config, { log: silentLog });
    const first = await register();
    await until(async () => (await storedUserIds()).includes(first));
    await until(async () => (await projector.readiness()).ready);
    expect(await projector.readiness()).toMatchObject({
      checks: { log: 'up', postgres: 'up', projection: 'up' },
      lag: { parked: 0 },
    });
    expect(await projector.retryParked()).toBe(0);
    await projector.close();

    const second = await register();
    const restarted = await startProjector(config, { log: silentLog });
    await until(async () => (await storedUserIds()).includes(second));
    expect(await storedUserIds()).toHaveLength(2);
    await restarted.close();
  });

  it('lists the events of a log that an earlier version wrote, without being asked', async () => {
    const types = async () =>
      (await execute(engines.read.url, 'select type from read.audit_event_v1')).rows.map(({ type }) => type);
    await execute(
      engines.read.url,
      `truncate read.audit_event_v1, read.audit_span_v1, read.audit_stream_v1;
       delete from read.checkpoint where name = 'audit_event_v1'`,
    );
    const projector = await startProjector(config, { log: silentLog });
    await until(async () => (await types()).length === 2);
    expect(await types()).toEqual(['UserRegistered', 'UserRegistered']);
    await until(async () => (await projector.readiness()).ready);
    await projector.close();
  });

  it('F-13 is not ready while it is behind', async () => {
    const blocker = patientPool(config.DATABASE_URL);
    const client = await blocker.connect();
    const projector = await startProjector(config, { log: silentLog });
    await client.query('begin');
    await client.query('select from read.checkpoint for update');
    await register();
    await until(async () => (await projector.readiness()).checks.projection === 'behind');
    expect((await projector.readiness()).ready).toBe(false);
    expect((await metricsText()).text).toMatch(/^ums_projection_lag_events\{projection="user_profile_v1"\} [1-9]/m);
    await client.query('rollback');
    client.release();
    await until(async () => (await projector.readiness()).ready);
    expect((await metricsText()).text).toContain('ums_projection_lag_events{projection="user_profile_v1"} 0');
    await projector.close();
    expect((await metricsText()).text).not.toContain('ums_projection_lag_events{');
    await blocker.end();
  });

  it('F-20 is ready although no broker answers, and reports how far behind the publisher is', async () => {
    const projector = await startProjector({ ...config, KAFKA_BROKERS: ['127.0.0.1:1'] }, { log: silentLog });
    const userId = await register();
    await until(async () => (await storedUserIds()).includes(userId));
    await until(async () => {
      const { ready, lag } = await projector.readiness();
      return ready && (lag?.publisherSeconds ?? 0) > 0;
    });
    expect((await projector.readiness()).checks).toMatchObject({ projection: 'up', publisher: 'up' });
    expect((await metricsText()).text).toMatch(/^ums_publisher_lag_events [1-9]/m);
    await projector.close();
  });

  it('K-01 refuses to start with another master key, and with a checkpoint of another log', async () => {
    const wrong = { ...config, MASTER_KEY: randomBytes(32) };
    await expect(startProjector(wrong, { log: silentLog })).rejects.toThrow('MASTER_KEY is not the secret');
    await execute(engines.read.url, 'update read.checkpoint set log_id = gen_random_uuid()');
    await expect(startProjector(config, { log: silentLog })).rejects.toMatchObject({ printable: true });
  });

  it('lists every invalid variable of the configuration at once, without values', () => {
    expect(() => readConfig({ DATABASE_URL: 'nowhere', KAFKA_BROKERS: 'nowhere', LAG_LIMIT_SECONDS: '0' })).toThrow(
      /EVENTSTORE_URL is missing[\s\S]*DATABASE_URL must[\s\S]*VAULT_DATABASE_URL[\s\S]*MASTER_KEY[\s\S]*KAFKA_BROKERS must[\s\S]*LAG_LIMIT_SECONDS/,
    );
  });
});
