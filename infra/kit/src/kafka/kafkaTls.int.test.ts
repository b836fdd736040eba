import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { describeOnOwn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownKafka, temporaryFolder } from '../../../engines/test/engineForTests.js';
import { loggerTo } from '../../test/logShippingTestbed.js';
import { type TestCertificates, testCertificates } from '../../test/testCertificates.js';
import { until } from '../../test/until.js';
import { parseEnv } from '../env.js';
import { ensureTopics } from './ensureTopics.js';
import type { KafkaSettings } from './kafkaClient.js';
import { brokerAccess, kafkaSettings } from './kafkaSettings.js';
import { openProducer } from './producer.js';
import { readPartition } from './readPartition.js';
import { withAdmin } from './withAdmin.js';

const PASSWORD = 'canary-password-of-writer';
const topic = { name: 'events', partitions: 1, config: {} };

describeOnOwn(['Kafka'], 'a broker with TLS and SCRAM', () => {
  let certificates: TestCertificates;
  let others: TestCertificates;
  let port: number;
  let lines: string[];

  beforeAll(async () => {
    certificates = await testCertificates(await temporaryFolder('ums-tls-'), 'IP:127.0.0.1');
    others = await testCertificates(await temporaryFolder('ums-tls-'));
    const secure = {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.certificate.chain': certificates.certificate,
      'ssl.keystore.key': certificates.key,
      'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    };
    const kafka = await ownKafka({
      listeners: [{ name: 'SECURE', protocol: 'SASL_SSL' }],
      scramUsers: { writer: PASSWORD },
      properties: Object.fromEntries(
        Object.entries(secure).map(([name, value]) => [`listener.name.secure.${name}`, value]),
      ),
    });
    port = kafka.listenerPort('SECURE');
  }, ENGINE_START_TIMEOUT_MS);

  beforeEach(() => {
    lines = [];
  });

  /** The settings that an operator's variables make. */
  const settings = (change: Readonly<Record<string, string>> = {}): KafkaSettings => {
    const { KAFKA_BROKERS = [], ...others } = parseEnv(kafkaSettings(), {
      KAFKA_BROKERS: `127.0.0.1:${port}`,
      ...{ REQUIRE_TLS: 'true', KAFKA_TLS: 'true', KAFKA_CA_FILE: certificates.caFile },
      ...{ KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_USERNAME: 'writer', KAFKA_PASSWORD: PASSWORD },
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
    await expect(refusal({ KAFKA_PASSWORD: `${PASSWORD}-wrong` })).rejects.toMatchObject({ dependency: 'kafka' });
    expect(reasons()).toContainEqual(expect.stringMatching(/SCRAM SHA512 authentication failed$/));
    expect(lines.join('')).not.toContain('canary');
  });

  it('K-04 does not answer in plain text', async () => {
    const plain = { ...settings(), tls: false as const };
    await expect(withAdmin(plain, (admin) => admin.listTopics())).rejects.toMatchObject({ dependency: 'kafka' });
  });
});
