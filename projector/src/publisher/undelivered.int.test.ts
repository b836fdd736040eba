import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  accessStream,
  mailStream,
  parseStream,
  pictureStream,
  registrationStream,
  signinStream,
} from '@ums/contracts/streams';
import { type EventLog, LogUnavailable, NO_STREAM } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { readsThrough } from '../../../infra/kit/test/readsThrough.js';
import { unreliableSubscription } from '../../../infra/kit/test/unreliableSubscription.js';
import type { FakeBroker } from '../../test/fakeBroker.js';
import { inTopic } from '../../test/publishedRecords.js';
import { publisherOnFakeBroker } from '../../test/publisherOnFakeBroker.js';
import { untilPublished } from '../../test/publisherWorld.js';
import { seededRandom } from '../../test/randomHistory.js';
import type { World } from '../../test/world.js';

describe('a publisher whose subscription loses events of streams that do not go on', () => {
  let world: World;
  let broker: FakeBroker;
  const publishers = publisherOnFakeBroker();
  const { start } = publishers;
  beforeEach(async () => {
    world = publishers.world();
    broker = publishers.broker();
    await world.pool.query('delete from read.checkpoint');
  });

  const appendOne = (stream: string, type: string) =>
    world.eventLog.append(stream, [{ id: randomUUID(), type, data: {}, metadata: {} }], NO_STREAM);

  /** Streams of one event, so that no revision tells of a loss. Those of a user have the same key. */
  const appendUsers = async (count: number): Promise<void> => {
    for (let user = 0; user < count; user++) {
      await appendOne(registrationStream(randomUUID()), 'RegistrationRequested');
      const userId = await world.register(`user ${user}`);
      await appendOne(signinStream(userId), 'SessionStarted');
      await appendOne(mailStream(randomUUID()), 'MailRequested');
      await appendOne(accessStream(userId), 'UserRead');
      await appendOne(pictureStream(randomUUID()), 'PictureUploaded');
    }
  };

  /** Checks that each event of the log was published once, and that those of each key are in the order of the log. */
  const expectEachOnce = (): void => {
    const published = inTopic(broker.records, 'users.work.v1').map(({ key, headers }) => [key, headers.ce_id]);
    const expected = world.eventLog.events.flatMap(({ stream, id }) => {
      const name = parseStream(stream);
      return name === undefined ? [] : [[name.id, id]];
    });
    expect(published).toHaveLength(expected.length);
    for (const key of new Set(expected.map(([id]) => id)))
      expect(published.filter(([id]) => id === key)).toEqual(expected.filter(([id]) => id === key));
  };

  /** A log that counts reads of the whole log, after a number of them that it refuses. */
  const countedReads = (refused = 0) => {
    const counted = { reads: 0 };
    const readAll: EventLog['readAll'] = async (...args) => {
      if (counted.reads++ < refused) throw new LogUnavailable();
      return world.eventLog.readAll(...args);
    };
    return { counted, readAll };
  };

  it('F-12 publishes each event once, in the order of its key, while others are repeated and swapped', async () => {
    await appendUsers(60);
    const faults = { random: seededRandom(4), repeated: 0.05, swapped: 0.05, lostForGood: 0.1 };
    const unreliable = unreliableSubscription(world.eventLog, faults);
    start({ eventLog: unreliable.eventLog });
    await untilPublished(world);
    await appendUsers(1);
    await untilPublished(world);
    expect(unreliable.faultCount()).toBeGreaterThan(20);
    expectEachOnce();
  });

  it('F-12 publishes what was lost before a single event, and logs the loss', async () => {
    start();
    await untilPublished(world);
    await publishers.stopAll();
    const lost = await appendOne(mailStream(randomUUID()), 'MailRequested');
    await appendOne(pictureStream(randomUUID()), 'PictureUploaded');
    const follow: EventLog['follow'] = async function* (...args) {
      for await (const event of world.eventLog.follow(...args)) if (event.position !== lost.position) yield event;
    };
    const lines: unknown[] = [];
    const log = { ...silentLog, error: (...line: unknown[]) => void lines.push(line) };
    start({ eventLog: { ...world.eventLog, follow }, log });
    await untilPublished(world);
    expectEachOnce();
    const loss = expect.objectContaining({ lane: 'publisher', position: lost.position, count: 1 });
    expect(lines).toEqual([['events not delivered', loss]]);
  });

  it('F-12 moves no checkpoint while what may be lost cannot be read', async () => {
    await appendUsers(1);
    const { counted, readAll } = countedReads(2);
    const warnings: unknown[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push([message, broker.records.length]) };
    start({ eventLog: { ...world.eventLog, ...readsThrough(readAll) }, log });
    await untilPublished(world);
    expect(warnings).toEqual(Array(2).fill(['publisher restarts', 0]));
    expect(counted.reads).toBeGreaterThan(2);
    expectEachOnce();
  });

  it('does not read again what came from pages of the log', async () => {
    await appendUsers(5);
    const { counted, readAll } = countedReads();
    const head = (await world.eventLog.head()) as bigint;
    const follow: EventLog['follow'] = (after, options) => {
      options.onPage?.(after, head);
      return world.eventLog.follow(after, options);
    };
    start({ eventLog: { ...world.eventLog, ...readsThrough(readAll), follow } });
    await untilPublished(world);
    expect(counted.reads).toBe(0);
    await appendUsers(1);
    await untilPublished(world);
    expect(counted.reads).toBeGreaterThan(0);
    expectEachOnce();
  });
});
