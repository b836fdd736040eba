import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, it } from '@jest/globals';
import { PUBLISHED_TOPICS } from '@ums/contracts/kafka/topics';
import { checkSecret } from '@ums/identity/vault/checkSecret';
import { ANY } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { testEventStore } from '../../../infra/embedded/test/eventStore.js';
import { describeOn } from '../../../infra/engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../../infra/engines/test/engineForTests.js';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { patientEventLog } from '../../../infra/kit/test/patientEventLog.js';
import { topicsOnNewBroker } from '../../../infra/kit/test/topicsOnNewBroker.js';
import { until } from '../../../infra/kit/test/until.js';
import { type ProjectorProcess, projectorProcess } from '../../test/projectorProcess.js';
import { expectPublished, recordsOfLog } from '../../test/publishedRecords.js';
import { appendRandomHistory, type ExpectedProfile, seededRandom } from '../../test/randomHistory.js';
import { readTopics, type TopicReader } from '../../test/topicReader.js';
import { createWorld, MASTER_KEY, type World } from '../../test/world.js';

const TIMEOUT_MS = 600_000;

describeOn(['Kafka'], 'publishers in processes of their own', () => {
  let world: World;
  let store: Awaited<ReturnType<typeof testEventStore>>;
  let eventLog: ReturnType<typeof patientEventLog>;
  let brokers: string;
  let reader: TopicReader;
  let users: ExpectedProfile[];
  let copied: number;
  const processes: ProjectorProcess[] = [];
  const random = seededRandom(Date.now() % 1_000_000);
  beforeAll(async () => {
    ({ brokers } = await kafkaForTests());
    await topicsOnNewBroker({ brokers: [brokers], clientId: 'test', log: silentLog }, PUBLISHED_TOPICS);
    reader = await readTopics([brokers]);
  }, ENGINE_START_TIMEOUT_MS);
  beforeEach(async () => {
    [world, store] = await Promise.all([createWorld(), testEventStore()]);
    await checkSecret(world.vaultPool, 'MASTER_KEY', Buffer.from(MASTER_KEY));
    eventLog = patientEventLog(store.url);
    users = [];
    copied = world.eventLog.events.length;
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map(end));
    await eventLog.close();
    await store.close();
    await world.close();
  }, 180_000);
  afterAll(() => reader?.close());

  const end = async ({ child, ended }: ProjectorProcess): Promise<void> => {
    child.kill('SIGKILL');
    child.kill('SIGCONT');
    await ended;
  };
  const start = (): ProjectorProcess => {
    const started = projectorProcess({
      EVENTSTORE_URL: store.url,
      DATABASE_URL: world.readUrl,
      VAULT_DATABASE_URL: world.vaultUrl,
      MASTER_KEY: Buffer.from(MASTER_KEY).toString('base64'),
      KAFKA_BROKERS: brokers,
    });
    processes.push(started);
    return started;
  };
  /** Makes up a history, and appends it to the log that the processes follow. */
  const addHistory = async (steps = 20): Promise<void> => {
    users.push(...(await appendRandomHistory(world, steps, random)));
    for (const { stream, id, type, data, metadata } of world.eventLog.events.slice(copied))
      await eventLog.append(stream, [{ id, type, data: data as Data, metadata: metadata as Data }], ANY);
    copied = world.eventLog.events.length;
  };
  type Data = Record<string, unknown>;
  const isPublished = async (): Promise<boolean> => {
    const { rows } = await world.pool.query("select position from read.checkpoint where name = 'publisher'");
    return rows[0]?.position === String(await eventLog.head());
  };
  const untilPublished = (): Promise<void> => untilAtLast(isPublished);
  const expectAllPublished = async (): Promise<void> => {
    await reader.caughtUp();
    expectPublished(recordsOfLog(reader.records, world.eventLog.events), { log: world.eventLog.events, users });
  };
  const holdsLock = ({ messages }: ProjectorProcess): boolean => messages.includes('lock held: publisher');
  /** A dependency that answers too late ends a process at its start; its supervisor starts another one. */
  const startHolder = async (): Promise<ProjectorProcess> => {
    const tried: string[] = [];
    while (tried.length < 3) {
      const started = start();
      await until(() => holdsLock(started) || started.child.exitCode !== null, 150_000).catch(() => undefined);
      if (holdsLock(started)) return started;
      tried.push(`exit code ${started.child.exitCode}: ${started.messages.join(', ')}`);
      await end(started);
    }
    throw new Error(`no projector held the lock: ${tried.join('; ')}`);
  };

  it(
    'F-11 loses nothing when the process is killed at random moments',
    async () => {
      for (let round = 0; round < faultRounds({ usual: 5, full: 50 }); round++) {
        const publisher = await startHolder();
        await Promise.all([addHistory(), sleep(random() * 400)]);
        await end(publisher);
      }
      await startHolder();
      await untilPublished();
      await expectAllPublished();
    },
    TIMEOUT_MS,
  );

  it(
    'F-14 leaves nothing stale when a stopped process wakes up after another one has taken over',
    async () => {
      const first = await startHolder();
      await addHistory();
      first.child.kill('SIGSTOP');
      await addHistory();
      // Postgres gives the lock of a silent holder to another one after 15 s.
      await startHolder();
      await untilPublished();
      await addHistory();
      await untilPublished();
      first.child.kill('SIGCONT');
      await untilAtLast(() => first.messages.some((message) => message.startsWith('lock lost')));
      await addHistory();
      await untilPublished();
      await expectAllPublished();
    },
    TIMEOUT_MS,
  );
});

/** Processes take long to start on a busy machine, and a lost lock takes 15 s. */
const untilAtLast = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  for (let attempt = 0; attempt < 3 && !(await condition()); attempt++) await until(condition).catch(() => undefined);
  await until(condition);
};
