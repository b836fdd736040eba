import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { describeOnOwn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, temporaryFolder } from '../../../engines/test/engineForTests.js';
import { secureKafka } from '../../../engines/test/secureKafka.js';
import { withEnvironment } from '../../../engines/test/withEnvironment.js';
import { loggerTo } from '../../test/logShippingTestbed.js';
import { type TestCertificates, testCertificates } from '../../test/testCertificates.js';
import { until } from '../../test/until.js';
import { parseEnv } from '../env.js';
import { ensureTopics } from './ensureTopics.js';
import type { KafkaSettings } from './kafkaClient.js';
import { brokerAccess, kafkaSettings } from './kafkaSettings.js';
import { oauthBearer } from './oauthBearer.js';
import { openProducer } from './producer.js';
import { readPartition } from './readPartition.js';
import { withAdmin } from './withAdmin.js';

const topic = { name: 'events', partitions: 1, config: {} };

describeOnOwn(['Kafka'], 'a broker with TLS and SCRAM', () => {
  let certificates: TestCertificates;
  let others: TestCertificates;
  let port: number;
  let username: string;
  let password: string;
  let lines: string[];

  beforeAll(async () => {
    certificates = await testCertificates(await temporaryFolder('ums-tls-'), 'IP:127.0.0.1');
    others = await testCertificates(await temporaryFolder('ums-tls-'));
    ({ port, username, password } = await secureKafka(certificates));
  }, ENGINE_START_TIMEOUT_MS);

  beforeEach(() => {
    lines = [];
  });

  /** The settings that an operator's variables make. */
  const settings = (change: Readonly<Record<string, string>> = {}): KafkaSettings => {
    const { KAFKA_BROKERS = [], ...others } = parseEnv(kafkaSettings(), {
      KAFKA_BROKERS: `127.0.0.1:${port}`,
      ...{ REQUIRE_TLS: 'true', KAFKA_TLS: 'true', KAFKA_CA_FILE: certificates.caFile },
      ...{ KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_USERNAME: username, KAFKA_PASSWORD: password },
      ...change,
    });
    return { ...brokerAccess(KAFKA_BROKERS, others), clientId: 'test', log: loggerTo(lines) };
  };
  const refusal = (change: Readonly<Record<string, string>>): Promise<unknown> =>
    withAdmin(settings(change), (admin) => admin.listTopics());
  const reasons = (): unknown[] => lines.map((line) => JSON.parse(line).reason);

  it('K-04 is used by its own authority and the password, for topics, records and groups', async () => {
    await ensureTopics(settings(), [topic]);
    const producer = await openProducer(settings());
    await producer.send([{ topic, key: 'key', value: 'value', headers: {} }]);
    producer.destroy();
    // A new broker has no coordinator of groups at first.
    let records: readonly { value: Buffer | null }[] = [];
    await until(async () => {
      records = await readPartition(settings(), { topic: 'events', partition: 0 }).catch(() => []);
      return records.length > 0;
    });
    expect(records.map(({ value }) => String(value))).toEqual(['value']);
  });

  it('K-04 is refused when another authority signed its certificate, and the log says so', async () => {
    await expect(refusal({ KAFKA_CA_FILE: others.caFile })).rejects.toMatchObject({ dependency: 'kafka' });
    expect(reasons()).toContainEqual(expect.stringMatching(/Connection error \(.*certificate\)$/));
  });

  it('K-04 is refused under a name that its certificate does not have', async () => {
    await expect(refusal({ KAFKA_BROKERS: `localhost:${port}` })).rejects.toMatchObject({ dependency: 'kafka' });
    expect(reasons()).toContainEqual(
      expect.stringMatching(/Connection error \(does not match certificate's altnames\)$/),
    );
  });

  it('K-01 refuses a wrong password, which the log does not show', async () => {
    await expect(refusal({ KAFKA_PASSWORD: `${password}-wrong` })).rejects.toMatchObject({ dependency: 'kafka' });
    expect(reasons()).toContainEqual(expect.stringMatching(/SCRAM SHA512 authentication failed$/));
    expect(lines.join('')).not.toContain('canary');
  });

  it('takes a token that it accepts', async () => {
    const parts = [{ alg: 'none' }, { sub: 'writer', iat: Date.now() / 1_000, exp: Date.now() / 1_000 + 600 }];
    const token = `${parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
    const { Kafka, logLevel } = kafkajs;
    const admin = new Kafka({
      ...{ brokers: [`127.0.0.1:${port}`], ssl: { ca: certificates.ca }, logLevel: logLevel.NOTHING },
      sasl: oauthBearer(async () => token),
    }).admin();
    await admin.connect();
    expect(await admin.listTopics()).toContain('events');
    await admin.disconnect();
  });

  it('K-01 gets a token from a role at AWS, and the log says that it refused it', async () => {
    const credentials = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'canary-secret' };
    const role = { KAFKA_SASL_MECHANISM: 'aws-iam', KAFKA_USERNAME: '', KAFKA_PASSWORD: '' };
    const refused = withEnvironment(credentials, () => refusal(role));
    await expect(refused).rejects.toMatchObject({ dependency: 'kafka' });
    expect(reasons()).toContainEqual(expect.stringMatching(/SASL OAUTHBEARER authentication failed$/));
    expect(lines.join('')).not.toMatch(/canary|X-Amz/);
  });

  it('K-04 does not answer in plain text', async () => {
    const plain = { ...settings(), tls: false as const };
    await expect(withAdmin(plain, (admin) => admin.listTopics())).rejects.toMatchObject({ dependency: 'kafka' });
  });
});
