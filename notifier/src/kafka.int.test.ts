import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { WORK_TOPIC } from '@ums/contracts/kafka/topics';
import { workRecord } from '@ums/contracts/kafka/workRecord';
import { toMessage } from '@ums/contracts/messages/message';
import { pictureKey } from '@ums/contracts/pictureKeys';
import { checkSecret } from '@ums/identity/vault/checkSecret';
import type { ConnectedEventLog } from '@ums/kit/event-log/connectEventLog';
import { readLogIdentity } from '@ums/kit/event-log/logIdentity';
import { type RecordWriter, recordWriter } from '@ums/kit/kafka/recordWriter';
import { consumedLogs } from '@ums/kit/kafka-source/consumedLogs';
import { workGroup } from '@ums/kit/kafka-source/kafkaSourceOptions';
import { silentLog } from '@ums/kit/log';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import type { RunningService } from '@ums/kit/readiness';
import sesLocal from 'aws-ses-v2-local';
import { expectContract } from '../../contracts/test/contractMismatches.js';
import { testEventStore } from '../../infra/embedded/test/eventStore.js';
import { type TestObjectStorage, testObjectStorage } from '../../infra/embedded/test/objectStorage.js';
import { TYPESCRIPT_LOADER } from '../../infra/embedded/test/typescriptLoader.js';
import { describeOn } from '../../infra/engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests, ownKafka } from '../../infra/engines/test/engineForTests.js';
import { awakeTime } from '../../infra/kit/test/awakeTime.js';
import { groupMembers } from '../../infra/kit/test/groupMembers.js';
import { patientEventLog } from '../../infra/kit/test/patientEventLog.js';
import { topicsOnNewBroker } from '../../infra/kit/test/topicsOnNewBroker.js';
import { until } from '../../infra/kit/test/until.js';
import { type MailFixture, mailFixture } from '../test/mailFixture.js';
import { recordFact } from '../test/pictures/pictureFixture.js';
import type { NotifierConfig } from './config.js';
import { MAIL_CONSUMER } from './mailConsumer.js';
import { startNotifier } from './service.js';

/** Groups of consumers take seconds to form, several times in a test. */
const TIMEOUT_MS = 300_000;

describeOn(['Kafka'], 'the notifier on Kafka', () => {
  let eventStore: Awaited<ReturnType<typeof testEventStore>>;
  let eventLog: ConnectedEventLog;
  let fixture: MailFixture;
  let ses: Server;
  let config: NotifierConfig;
  let s3: TestObjectStorage;
  let writer: RecordWriter;
  let brokers: readonly string[];
  let published: bigint | undefined;
  const running: RunningService[] = [];

  beforeAll(async () => {
    await connect(await kafkaForTests());
    eventStore = await testEventStore();
    eventLog = patientEventLog(eventStore.url);
    fixture = await mailFixture({ writeTo: eventLog });
    for (const [name, secret] of Object.entries(fixture.secrets)) await checkSecret(fixture.vault, name, secret);
    ses = await sesLocal.default({ host: '127.0.0.1', port: 0 });
    s3 = await testObjectStorage();
    config = {
      ...fixture.secrets,
      ...s3.settings(),
      EVENTSTORE_URL: eventStore.url,
      DATABASE_URL: fixture.url,
      VAULT_DATABASE_URL: fixture.url,
      SES_ENDPOINT: `http://127.0.0.1:${(ses.address() as AddressInfo).port}`,
      SES_SENDS_PER_SECOND: 1_000,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: undefined,
      MAIL_FROM: 'users@example.org',
      PUBLIC_URL: 'https://users.example.org',
      APP_NAME: 'Example Club',
      APP_URL: undefined,
      MAIL_LOGO_URL: undefined,
      HOST: '127.0.0.1',
      METRICS_PORT: 0,
      MASTER_KEY_PREVIOUS: undefined,
      KAFKA_BROKERS: undefined,
    };
  }, ENGINE_START_TIMEOUT_MS);
  afterEach(async () => {
    for (const notifier of running.splice(0)) await notifier.close();
  });
  afterAll(async () => {
    writer.close();
    ses.closeAllConnections();
    await new Promise((resolve) => ses.close(resolve));
    await fixture.close();
    await s3.close();
    await eventLog.close();
    await eventStore.close();
  });

  const connect = async (kafka: { brokers: string }): Promise<void> => {
    brokers = [kafka.brokers];
    await topicsOnNewBroker(settings(), [WORK_TOPIC]);
    writer = recordWriter(settings());
  };
  const settings = () => ({ brokers, clientId: 'test', log: silentLog });
  /** Sends what the publisher has not sent yet: every event of the log has a record. */
  const publish = async (): Promise<void> => {
    for (const event of await eventLog.readAll(published, 10_000)) {
      const message = toMessage(event);
      if (message !== undefined) {
        const record = workRecord(message);
        expectContract(record.topic.name, record);
        // The broker refuses the first send into a new topic until it leads it.
        await until(() =>
          writer.write(record).then(
            () => true,
            () => false,
          ),
        );
      }
      published = event.position;
    }
  };
  const start = async (source: 'kafka' | 'event log'): Promise<() => Promise<void>> => {
    const notifier = await startNotifier(
      { ...config, KAFKA_BROKERS: source === 'kafka' ? brokers : undefined },
      { log: silentLog },
    );
    running.push(notifier);
    return async () => {
      running.splice(running.indexOf(notifier), 1);
      await notifier.close();
    };
  };
  const inbox = async (): Promise<string[]> => {
    const { emails } = (await (await fetch(`${config.SES_ENDPOINT}/store`)).json()) as {
      emails: { destination: { to: string[] } }[];
    };
    return emails.flatMap(({ destination }) => destination.to);
  };
  const mailsTo = async (address: string): Promise<number> => (await inbox()).filter((to) => to === address).length;
  const register = async (address: string): Promise<void> => {
    await fixture.register({ email: address });
  };
  const mailed = (address: string) => until(async () => (await mailsTo(address)) === 1);

  it(
    'F-24 loses and repeats no mail when Kafka is turned on, off and on again',
    async () => {
      await register('first@example.org');
      const stopFirst = await start('event log');
      await mailed('first@example.org');
      await stopFirst();

      await register('second@example.org');
      await publish();
      const stopSecond = await start('kafka');
      await mailed('second@example.org');
      await register('third@example.org');
      await publish();
      await mailed('third@example.org');
      await stopSecond();

      await register('fourth@example.org');
      const stopThird = await start('event log');
      await mailed('fourth@example.org');
      await stopThird();

      await register('fifth@example.org');
      await publish();
      await start('kafka');
      await mailed('fifth@example.org');
      await until(async () => (await running[0]?.readiness())?.lag?.messages === 0);

      expect((await inbox()).sort()).toEqual([
        'fifth@example.org',
        'first@example.org',
        'fourth@example.org',
        'second@example.org',
        'third@example.org',
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    'F-27 handles pictures with either source',
    async () => {
      const storage = openS3Storage(s3.access, { timeoutMs: 10_000 });
      for (const source of ['kafka', 'event log'] as const) {
        const [userId, pictureId] = [randomUUID(), randomUUID()];
        const key = pictureKey(userId, pictureId, 64);
        await storage.put(key, Buffer.from('square'), { contentType: 'image/webp', maxBytes: 100 });
        const stop = await start(source);
        await recordFact(eventLog, userId, { type: 'ProfilePictureRemoved', data: { replaced: pictureId } });
        await publish();
        await until(async () => (await storage.head(key)) === undefined);
        await stop();
      }
      storage.close();
    },
    TIMEOUT_MS,
  );

  it(
    'F-23 serves the partitions of a killed process within ten seconds, and sends no mail twice',
    async () => {
      const before = Array.from({ length: 24 }, (_, n) => `before-${n}@example.org`);
      const after = Array.from({ length: 24 }, (_, n) => `after-${n}@example.org`);
      await start('kafka');
      const child = spawn(process.execPath, ['--import', TYPESCRIPT_LOADER, join(import.meta.dirname, 'main.ts')], {
        env: { ...process.env, ...childEnvironment(config, brokers, s3.settings()) },
        stdio: 'ignore',
      });
      const ended = once(child, 'close');
      try {
        await until(async () => (await groupMembers(brokers, workGroup(MAIL_CONSUMER))) === 2);
        for (const address of before) await register(address);
        await publish();
        await until(async () => (await inbox()).filter((to) => to.startsWith('before')).length === before.length);
        await until(async () => (await mailsInProgress()) === 0);
      } finally {
        child.kill('SIGKILL');
        await ended;
      }
      const handled = (await fixture.mailRows()).length;
      const sinceKill = awakeTime();
      for (const address of after) await register(address);
      await publish();
      // SES may be slow on a busy machine: what counts is when the mails are taken up.
      await until(async () => (await fixture.mailRows()).length === handled + after.length);
      expect(sinceKill()).toBeLessThan(10_000);
      await until(async () => (await inbox()).filter((to) => to.startsWith('after')).length === after.length);
      const addresses = await inbox();
      expect(new Set(addresses).size).toBe(addresses.length);
    },
    TIMEOUT_MS,
  );

  it(
    'F-24 sends on another cluster, from its first record, what it has not sent before, and nothing twice',
    async () => {
      await register('unsent@example.org');
      await publish();
      const before = await inbox();
      writer.close();
      await connect(await ownKafka());
      expect(await consumedLogs(settings())).toEqual([]);
      published = undefined;
      await publish();
      await start('kafka');
      await mailed('unsent@example.org');
      await until(async () => (await running[0]?.readiness())?.lag?.messages === 0);
      expect((await inbox()).sort()).toEqual([...before, 'unsent@example.org'].sort());
      expect(new Set(await consumedLogs(settings()))).toEqual(new Set([await readLogIdentity(eventLog)]));
    },
    ENGINE_START_TIMEOUT_MS,
  );

  const mailsInProgress = async (): Promise<number> =>
    (await fixture.mailRows()).filter(({ state }) => state === 'sending').length;
});

/** The environment of a notifier process with this configuration. */
const childEnvironment = (
  config: NotifierConfig,
  brokers: readonly string[],
  settings: Record<string, string>,
): Record<string, string> => {
  const { MASTER_KEY, ADDRESS_KEY, MAIL_TOKEN_KEY } = config;
  const keys = Object.entries({ MASTER_KEY, ADDRESS_KEY, MAIL_TOKEN_KEY }).map(([name, key]) => [
    name,
    key.toString('base64url'),
  ]);
  const { EVENTSTORE_URL, DATABASE_URL, VAULT_DATABASE_URL, MAIL_FROM, PUBLIC_URL } = config;
  return {
    ...{ EVENTSTORE_URL, DATABASE_URL, VAULT_DATABASE_URL, MAIL_FROM, PUBLIC_URL, METRICS_PORT: '0' },
    SES_ENDPOINT: String(config.SES_ENDPOINT),
    KAFKA_BROKERS: brokers.join(','),
    ...settings,
    ...Object.fromEntries(keys),
  };
};
