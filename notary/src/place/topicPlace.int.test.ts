import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { CHECKPOINTS_TOPIC } from '@ums/contracts/kafka/topics';
import { readPartition } from '@ums/kit/kafka/readPartition';
import { whileCoordinatorBusy } from '@ums/kit/kafka/whileCoordinatorBusy';
import { withAdmin } from '@ums/kit/kafka/withAdmin';
import { type Log, silentLog } from '@ums/kit/log';
import { metricsText } from '@ums/kit/metrics';
import { openCheckpoint } from '@ums/verifier/note/checkpoint';
import { parseVerifierKeys } from '@ums/verifier/note/verifierKeys';
import type pg from 'pg';
import { expectContract } from '../../../contracts/test/contractMismatches.js';
import { describeOnOwn } from '../../../infra/engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS } from '../../../infra/engines/test/engineForTests.js';
import { type ProxiedKafka, proxiedKafka } from '../../../infra/engines/test/proxiedKafka.js';
import { Crash, faultyPool } from '../../../infra/kit/test/faultyPool.js';
import { setTopicConfig } from '../../../infra/kit/test/setTopicConfig.js';
import { topicsOnNewBroker } from '../../../infra/kit/test/topicsOnNewBroker.js';
import { until } from '../../../infra/kit/test/until.js';
import { type MemoryPlace, memoryPlace } from '../../test/memoryPlace.js';
import { createWorld, expectedRoot, type World } from '../../test/world.js';
import { notaryMetrics } from '../checkpoint/notaryMetrics.js';
import { parseNotes } from '../note/signedNote.js';
import { type ActiveNotary, runNotary } from '../runNotary.js';
import { countUnpublished } from './publishedCheckpoints.js';
import { topicPlace } from './topicPlace.js';

const AT_ONCE = { grownSeconds: 0, anywaySeconds: 1e9 };
const TIMEOUT_MS = 300_000;

describeOnOwn(['Kafka'], 'the topic of checkpoints', () => {
  let kafka: ProxiedKafka;
  let world: World;
  let running: ActiveNotary[];
  beforeAll(async () => {
    kafka = await proxiedKafka();
    await topicsOnNewBroker(direct(), [CHECKPOINTS_TOPIC]);
  }, ENGINE_START_TIMEOUT_MS);
  beforeEach(async () => {
    world = await createWorld();
    running = [];
    await kafka.proxy.accept();
  });
  afterEach(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    await world.close();
  });

  const settings = (broker: string, log: Log = silentLog) => ({ brokers: [broker], clientId: 'test', log });
  const direct = () => settings(kafka.kafka.brokers);
  const openPlace = (pool: pg.Pool = world.pool, log: Log = silentLog) =>
    topicPlace({ pool, kafka: settings(kafka.brokers, log), origin: world.origin });
  const save = (size: number) =>
    world.pool.query(`insert into notary.checkpoint (size, root, note) values ($1, sha256('root'), $2)`, [
      size,
      world.keys.signed({ origin: world.origin, size, root: Buffer.alloc(32, size) }),
    ]);

  /** A broker that has only just started has no coordinator for its first group. */
  const allRecords = () =>
    whileCoordinatorBusy(
      () => readPartition(direct(), { topic: CHECKPOINTS_TOPIC.name, partition: 0 }),
      () => false,
    );
  /** What the topic holds of this log. Fails the test if a record is not as the contract promises. */
  const published = async () => {
    const records = await allRecords();
    const own = records.filter(({ key }) => String(key) === world.origin);
    for (const record of own) expectContract(CHECKPOINTS_TOPIC.name, record as Parameters<typeof expectContract>[1]);
    return own.map(({ value, headers }) => ({ note: String(value), id: String(headers?.ce_id) }));
  };
  const sizes = async (): Promise<number[]> =>
    (await published()).flatMap(({ note }) => parseNotes(note)).map(({ head }) => head.size);
  const signed = async (): Promise<string[]> =>
    (await world.pool.query('select note from notary.checkpoint order by id')).rows.map(({ note }) => note);
  const left = (): Promise<number> => countUnpublished(world.pool, 'topic', 1_000);

  const run = async (file: MemoryPlace): Promise<ActiveNotary> => {
    const deps = { ...world, metrics: notaryMetrics(), log: silentLog, times: AT_ONCE, everyMs: 5 };
    const notary = runNotary({ ...deps, places: [file, await openPlace()] });
    running.push(notary);
    return notary;
  };
  const untilSigned = ({ notes }: MemoryPlace, size: number) =>
    until(() => parseNotes(notes.at(-1) ?? '').at(-1)?.head.size === size);
  const isUp = async () => /^ums_notary_place_up\{place="topic"\} (\d)$/m.exec((await metricsText()).text)?.[1];

  it(
    'G-08 gives a consumer every checkpoint, which the public key alone verifies',
    async () => {
      await run(memoryPlace('file'));
      await world.append(20);
      await until(async () => (await left()) === 0 && (await sizes()).at(-1) === 21);
      expect((await published()).map(({ note }) => note)).toEqual(await signed());
      const keys = parseVerifierKeys(world.keys.verifierKeys.join('\n'));
      const last = (await published()).at(-1)?.note ?? '';
      expect(openCheckpoint(last, keys, 'The record')).toEqual({
        ...{ origin: world.origin, size: 21, root: await expectedRoot(world), expirable: 0 },
      });
      expect(await isUp()).toBe('1');
    },
    TIMEOUT_MS,
  );

  it(
    'F-11 gets what was signed while no broker answered, in order, and a dead broker keeps no checkpoint from the other places',
    async () => {
      await kafka.proxy.refuse();
      const file = memoryPlace('file');
      await run(file);
      for (const size of [6, 11, 16]) {
        await world.append(5);
        await untilSigned(file, size);
      }
      expect([await sizes(), await isUp()]).toEqual([[], '0']);
      expect(await left()).toBe((await signed()).length);
      await kafka.proxy.accept();
      await until(async () => (await left()) === 0);
      expect((await published()).map(({ note }) => note)).toEqual(await signed());
      expect(await isUp()).toBe('1');
    },
    TIMEOUT_MS,
  );

  it(
    'F-11 writes again, under the same id, what was stored without an answer',
    async () => {
      const file = memoryPlace('file');
      await run(file);
      await untilSigned(file, 1);
      const swallowed = kafka.proxy.swallowProduceAnswer('cut');
      await world.append(5);
      await swallowed;
      await until(async () => (await left()) === 0);
      const records = await published();
      expect(new Set(records.map(({ note }) => note))).toEqual(new Set(await signed()));
      expect(new Set(records.map(({ id }) => id)).size).toBe((await signed()).length);
      expect(records.length).toBeGreaterThan((await signed()).length);
    },
    TIMEOUT_MS,
  );

  it.each(['before', 'after'] as const)(
    'F-11 loses no checkpoint when the notary is killed %s any statement',
    async (moment) => {
      for (let statement = 1; statement <= 3; statement += 1) {
        await save(statement);
        const place = await openPlace(faultyPool(world.pool, statement, moment).pool);
        await place
          .publish({ size: statement, note: '' })
          .catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
        await (await openPlace()).publish({ size: statement, note: '' });
        expect(await left()).toBe(0);
        expect([...new Set(await sizes())]).toEqual(Array.from({ length: statement }, (_, index) => index + 1));
      }
    },
    TIMEOUT_MS,
  );

  it(
    'F-11 gets every checkpoint again on another cluster, and goes on where none was noted',
    async () => {
      const lines: unknown[] = [];
      const log: Log = { ...silentLog, warn: (message, fields) => void lines.push({ message, ...fields }) };
      const publishOn = async (cluster: string | null, size: number): Promise<void> => {
        await world.pool.query('update notary.published set cluster_id = $1', [cluster]);
        await save(size);
        await (await openPlace(world.pool, log)).publish({ size, note: '' });
      };
      await publishOn(null, 1);
      await publishOn(null, 2);
      expect([await sizes(), lines]).toEqual([[1, 2], []]);
      await publishOn('elsewhere', 3);
      expect(await sizes()).toEqual([1, 2, 1, 2, 3]);
      expect(lines).toEqual([
        {
          message: 'notary sends every checkpoint again, because Kafka is another cluster',
          reason: expect.stringMatching(
            /^they were sent to cluster elsewhere, and the brokers are of cluster [\w-]{22}$/,
          ),
        },
      ]);
      await save(4);
      await (await openPlace(world.pool, log)).publish({ size: 4, note: '' });
      expect([await sizes(), lines.length]).toEqual([[1, 2, 1, 2, 3, 4], 1]);
    },
    TIMEOUT_MS,
  );

  it(
    'refuses to start on a topic with other settings, and starts without a broker',
    async () => {
      const retain = (value: string) =>
        withAdmin(direct(), (admin) => setTopicConfig(admin, CHECKPOINTS_TOPIC.name, { 'retention.ms': value }));
      await retain('1000000000');
      await expect(openPlace()).rejects.toMatchObject({ name: 'TopicMismatch' });
      await retain('-1');
      await openPlace();
      await kafka.proxy.refuse();
      const lines: string[] = [];
      const log: Log = { ...silentLog, warn: (message) => void lines.push(message) };
      await topicPlace({ pool: world.pool, kafka: settings(kafka.brokers, log), origin: world.origin });
      expect(lines).toContain('notary starts without a broker');
    },
    TIMEOUT_MS,
  );
});
