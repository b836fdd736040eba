import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { checkSecret } from '@ums/identity/vault/checkSecret';
import type { Environment } from '@ums/kit/env';
import { withAdmin } from '@ums/kit/kafka/withAdmin';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { testEventStore } from '../../infra/embedded/test/eventStore.js';
import { execute } from '../../infra/embedded/test/postgres.js';
import { securePostgres } from '../../infra/embedded/test/securePostgres.js';
import { atEndOfFile, temporaryFolder } from '../../infra/engines/test/atEndOfFile.js';
import { describeOnOwn } from '../../infra/engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS } from '../../infra/engines/test/engineForTests.js';
import { secureKafka } from '../../infra/engines/test/secureKafka.js';
import { patientPool } from '../../infra/kit/test/patientPool.js';
import { testCertificates } from '../../infra/kit/test/testCertificates.js';
import { startTlsProxy } from '../../infra/kit/test/tlsProxy.js';
import { until } from '../../infra/kit/test/until.js';
import { registerUser } from '../test/registerUser.js';
import { readConfig } from './config.js';
import { startProjector } from './service.js';

const key = randomBytes(32);

describeOnOwn(['Kafka'], 'the projector in production, on engines with TLS', () => {
  let env: Record<string, string>;
  let plain: { users: string; vault: string; eventLog: string; brokers: string };

  beforeAll(async () => {
    const folder = await temporaryFolder('ums-tls-');
    const certificates = await testCertificates(folder);
    const { caFile } = certificates;
    const postgres = await securePostgres(folder, certificates);
    atEndOfFile(postgres.close);
    for (const name of ['users', 'vault']) await execute(postgres.url('postgres'), `create database ${name}`);
    const store = await testEventStore();
    atEndOfFile(store.close);
    const proxy = await startTlsProxy(Number(new URL(store.url).port), certificates, ['h2']);
    atEndOfFile(proxy.close);
    const { kafka, port, username, password } = await secureKafka(certificates);

    plain = {
      ...{ users: postgres.url('users'), vault: postgres.url('vault') },
      ...{ eventLog: store.url, brokers: kafka.brokers },
    };
    const verified = `sslmode=verify-full&sslrootcert=${encodeURIComponent(caFile)}`;
    env = {
      NODE_ENV: 'production',
      EVENTSTORE_URL: `esdb://ums:password@localhost:${proxy.port}?tlsCAFile=${encodeURIComponent(caFile)}`,
      DATABASE_URL: `${plain.users}?${verified}`,
      VAULT_DATABASE_URL: `${plain.vault}?${verified}`,
      ...{ KAFKA_BROKERS: `127.0.0.1:${port}`, KAFKA_TLS: 'true', KAFKA_CA_FILE: caFile },
      ...{ KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_USERNAME: username, KAFKA_PASSWORD: password },
      MASTER_KEY: key.toString('base64'),
      METRICS_PORT: '0',
    };
    const dir = join(import.meta.dirname, '../../command-api/migrations');
    await migrate({ url: plain.vault, dir, log: silentLog });
    const pool = patientPool(plain.vault);
    await checkSecret(pool, 'MASTER_KEY', key);
    await pool.end();
  }, ENGINE_START_TIMEOUT_MS);

  /** The number of records in the public topic of events. */
  const published = (): Promise<number> =>
    withAdmin({ brokers: [plain.brokers], clientId: 'test', log: silentLog }, async (admin) => {
      const offsets = await admin.fetchTopicOffsets('users.events.v1');
      return offsets.reduce((sum, { high }) => sum + Number(high), 0);
    }).catch(() => 0);

  it('K-04 folds and publishes over TLS only', async () => {
    const projector = await startProjector(readConfig({ ...env }), { log: silentLog });
    const userId = await registerUser({ vaultUrl: plain.vault, eventLogUrl: plain.eventLog, key });
    const rows = async () => (await execute(plain.users, 'select user_id from read.user_profile_v1')).rows;
    await until(async () => (await rows()).length > 0);
    expect(await rows()).toEqual([{ user_id: userId }]);
    await until(async () => (await published()) > 0);
    const { rows: connections } = await execute(
      plain.users,
      "select distinct ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'projector'",
    );
    expect(connections).toEqual([{ ssl: true }]);
    await projector.close();
  }, 180_000);

  it('K-04 refuses to start with one of them elsewhere and in plain text', () => {
    const changes: Environment = {
      EVENTSTORE_URL: 'esdb://eventstore:2113?tls=false',
      DATABASE_URL: 'postgresql://projector:canary@postgres/users',
      VAULT_DATABASE_URL: 'postgresql://projector:canary@postgres/vault?sslmode=require',
      KAFKA_BROKERS: 'kafka:9092',
      OPENSEARCH_URL: 'http://opensearch:9200',
    };
    for (const [name, value] of Object.entries(changes)) {
      const { KAFKA_TLS, ...others } = env;
      const read = () => readConfig({ ...others, ...(name !== 'KAFKA_BROKERS' && { KAFKA_TLS }), [name]: value });
      expect(read).toThrow(new RegExp(`^The configuration cannot be used:\n {2}${name} is used in plain text[^\n]*$`));
      expect(read).not.toThrow(/canary/);
    }
  });
});
