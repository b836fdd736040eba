import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ANY } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { silentLog } from '@ums/kit/log';
import { testEventStore } from '../../infra/embedded/test/eventStore.js';
import { describeOn } from '../../infra/engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../infra/engines/test/engineForTests.js';
import { patientEventLog } from '../../infra/kit/test/patientEventLog.js';
import { until } from '../../infra/kit/test/until.js';
import { inTopic } from '../test/publishedRecords.js';
import { appendRandomHistory, seededRandom } from '../test/randomHistory.js';
import { readTopics, type TopicReader } from '../test/topicReader.js';
import { createWorld, type World } from '../test/world.js';
import type { RepublishConfig } from './config.js';
import { startPublisher } from './publisher/startPublisher.js';
import { type RepublishOrder, republish } from './republish.js';

const STATES: RepublishOrder = { states: true, dryRun: false };

describeOn(['Kafka'], 'republish', () => {
  let world: World;
  let store: Awaited<ReturnType<typeof testEventStore>>;
  let config: RepublishConfig;
  let reader: TopicReader;
  let head: bigint;
  beforeAll(async () => {
    const { brokers } = await kafkaForTests();
    [world, store] = await Promise.all([createWorld(), testEventStore()]);
    config = { EVENTSTORE_URL: store.url, DATABASE_URL: world.readUrl, KAFKA_BROKERS: [brokers] };
    const eventLog = patientEventLog(store.url);
    const logId = await logIdentity(eventLog);
    await appendRandomHistory(world, 40, seededRandom(1));
    for (const { stream, id, type, data, metadata } of world.eventLog.events.slice(1))
      await eventLog.append(stream, [{ id, type, data: data as Data, metadata: metadata as Data }], ANY);
    head = (await eventLog.head()) as bigint;
    const kafka = { brokers: [brokers], clientId: 'test', log: silentLog };
    const deps = { pool: world.pool, eventLog, head: eventLog.head, url: world.readUrl, logId, kafka, log: silentLog };
    const publisher = await startPublisher(deps);
    await until(async () => {
      const { rows } = await world.pool.query('select position from read.checkpoint');
      return rows[0]?.position === String(head);
    });
    await publisher.stop();
    await eventLog.close();
    reader = await readTopics([brokers]);
  }, ENGINE_START_TIMEOUT_MS);
  afterAll(async () => {
    await reader.close();
    await store.close();
    await world.close();
  });
  type Data = Record<string, unknown>;

  const run = (order: RepublishOrder) =>
    republish(order, config, { log: silentLog, print: (line) => void printed.push(line) });
  const all = () => ({ dryRun: false, states: false, range: { from: 0n, to: head } }) as const;
  const printed: string[] = [];
  const inReplay = async () => {
    await reader.caughtUp();
    return inTopic(reader.records, 'users.events.v1.replay');
  };

  it('sends nothing in a dry run', async () => {
    const count = world.eventLog.events.length - 1;
    expect(await run({ ...all(), dryRun: true })).toBe(`${count} events would be sent to users.events.v1.replay.`);
    expect(await run({ states: true, dryRun: true })).toMatch(/^\d+ states would be sent to users\.state\.v1\.$/);
    expect(await inReplay()).toEqual([]);
  });

  it('sends a range to the replay topic only, with progress', async () => {
    const inLiveTopic = () => inTopic(reader.records, 'users.events.v1');
    const live = inLiveTopic().length;
    expect(await run(all())).toMatch(/^\d+ events were sent to users\.events\.v1\.replay\.$/);
    const ids = new Set((await inReplay()).map(({ headers }) => headers.ce_id));
    expect(ids).toEqual(new Set(world.eventLog.events.slice(1).map(({ id }) => id)));
    expect(inLiveTopic()).toHaveLength(live);
    expect(printed.at(-1)).toMatch(/^\d+ events up to position \d+, \d+ of them public$/);
  });

  it('sends each state once more', async () => {
    const before = inTopic(reader.records, 'users.state.v1');
    const last = new Map(before.map((record) => [record.key, record]));
    expect(await run(STATES)).toBe(`${last.size} states were sent to users.state.v1.`);
    await reader.caughtUp();
    const after = inTopic(reader.records, 'users.state.v1');
    expect(new Map(after.slice(before.length).map((record) => [record.key, record]))).toEqual(last);
  });

  it('says what was done when it fails', async () => {
    const range = { from: head + 1n, to: head + 2n };
    await expect(run({ ...all(), range })).rejects.toThrow(/holds no event at position/);
    const unreachable = { ...config, DATABASE_URL: 'postgresql://127.0.0.1:1/users' };
    const failing = republish(STATES, unreachable, { log: silentLog, print: () => undefined });
    await expect(failing).rejects.toThrow(
      /^The command failed \((AggregateError|Error|unknown error)\)\. Done until then: Nothing was sent\.$/,
    );
  });

  it('says that the publisher has not run yet', async () => {
    await world.pool.query('delete from read.checkpoint');
    await expect(run(STATES)).rejects.toThrow(
      'The command failed (the publisher has not run yet). Done until then: Nothing was sent.',
    );
  });
});
