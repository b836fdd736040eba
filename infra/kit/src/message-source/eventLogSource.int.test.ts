import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../../e2e/test/recovery/seededRandom.js';
import { consumerTestbed } from '../../test/consumerTestbed.js';
import { deadLetterContract } from '../../test/deadLetterContract.js';
import { eventLogAdapter } from '../../test/eventLogAdapter.js';
import { memoryEventLog } from '../../test/memoryEventLog.js';
import { messageSourceContract } from '../../test/messageSourceContract.js';
import { readsThrough } from '../../test/readsThrough.js';
import { unreliableSubscription } from '../../test/unreliableSubscription.js';
import { until } from '../../test/until.js';
import { ANY, type EventLog, LogUnavailable } from '../event-log/eventLog.js';
import { logIdentity } from '../event-log/logIdentity.js';
import { silentLog } from '../log.js';
import type { Consumer } from './messageSource.js';

describe('eventLogSource', () => {
  const testbed = consumerTestbed(eventLogAdapter());
  const { append, consume, reached } = testbed;
  messageSourceContract(testbed);
  deadLetterContract(testbed);

  it('F-24 gives the handler the event of the message, at every attempt', async () => {
    const given: unknown[] = [];
    const { id, position } = await append();
    await consume(async ({ pointer: { stream, revision, type } }, recorded) => {
      given.push(recorded);
      expect(recorded).toMatchObject({ id, stream, revision, type, position });
      return given.length < 2 ? 'later' : 'done';
    });

    await reached(position);

    expect(given).toHaveLength(2);
  });

  it('F-24 retries to save its checkpoint', async () => {
    await testbed.query('alter table notifier.checkpoint add constraint never check (position < 0)');
    let failures = 0;
    const log = { ...silentLog, warn: () => void failures++ };
    let handled = 0;
    const { position } = await append();
    await consume(
      async () => {
        handled += 1;
        return 'done';
      },
      { log },
    );
    await until(() => failures > 1);
    await testbed.query('alter table notifier.checkpoint drop constraint never');

    await reached(position);

    expect(handled).toBe(1);
  });

  it('F-12 never moves a checkpoint back', async () => {
    const { position } = await append();
    await consume(async () => 'done');
    await reached(position);
    await testbed.query('update notifier.checkpoint set position = position + 1000');
    await append('UserRenamed');

    await testbed.stopAll();

    const [stored] = await testbed.query('select position from notifier.checkpoint');
    expect(stored?.position).toBe(String(position + 1000n));
  });

  it('F-22 repeats what it could not do for a redrive', async () => {
    const failures: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void failures.push(message) };
    let attempts = 0;
    const { position } = await append();
    await consume(
      async () => {
        attempts += 1;
        return attempts === 1 ? 'dead' : 'done';
      },
      { log },
    );
    await reached(position);
    await testbed.query(
      `create function notifier.refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$`,
    );
    await testbed.query(
      'create trigger refuse before delete on notifier.dead_message for each row execute function notifier.refuse()',
    );
    await testbed.deadLetters().redrive(await testbed.deadLetters().list());
    await until(() => failures.includes('redriven message could not be removed'));
    await testbed.query('drop function notifier.refuse cascade');
    await until(async () => (await testbed.query('select from notifier.dead_message')).length === 0);
    expect(attempts).toBeGreaterThan(2);

    const accept = await testbed.refuseDeadLetters();
    await until(() => failures.includes('dead messages to redrive could not be read'));
    await accept();
  });

  describe('whose subscription does not deliver every event in its turn', () => {
    const erase = async (eventLog: EventLog, type = 'UserErased') => {
      const [userId, metadata] = [randomUUID(), { $correlationId: randomUUID() }];
      const { position } = await eventLog.append(
        `user-${userId}`,
        [{ id: randomUUID(), type, data: {}, metadata }],
        ANY,
      );
      return { userId, position };
    };
    const storedPosition = async () => (await testbed.query('select position from notifier.checkpoint'))[0]?.position;
    const untilStored = (position: bigint) => until(async () => (await storedPosition()) === String(position));
    const consumeFrom = async (eventLog: EventLog, handle: Consumer['handle'], log = silentLog) =>
      consume(handle, { eventLog, logId: await logIdentity(eventLog), log });

    it('F-12 handles a message that was lost, before its checkpoint passes over it', async () => {
      const memory = memoryEventLog();
      await logIdentity(memory);
      const { userId: lost, position: lostAt } = await erase(memory);
      const { position } = await erase(memory);
      async function* follow(...args: Parameters<EventLog['follow']>) {
        for await (const event of memory.follow(...args)) if (event.position !== lostAt) yield event;
      }
      const errors: unknown[] = [];
      const log = { ...silentLog, error: (...line: unknown[]) => void errors.push(line) };
      let isWaiting = true;
      const handled: string[] = [];
      await consumeFrom(
        { ...memory, follow },
        async ({ key }) => {
          handled.push(key);
          return key === lost && isWaiting ? 'later' : 'done';
        },
        log,
      );
      await until(() => handled.filter((key) => key === lost).length > 3);
      expect(BigInt((await storedPosition()) ?? -1)).toBeLessThan(lostAt);
      isWaiting = false;
      await untilStored(position);
      const line = { lane: testbed.consumerName(), stream: `user-${lost}`, revision: 0n, position: lostAt, count: 1 };
      expect(errors).toEqual([['events not delivered', line]]);
    });

    it('F-12 handles each message once although events are lost, swapped and repeated', async () => {
      const memory = memoryEventLog();
      await logIdentity(memory);
      const users: string[] = [];
      for (let i = 0; i < 300; i++) {
        if (i % 3 === 0) await erase(memory, 'UserRenamed');
        users.push((await erase(memory)).userId);
      }
      const faults = { repeated: 0.1, swapped: 0.1, lostForGood: 0.1, random: seededRandom(4) };
      const { eventLog, faultCount } = unreliableSubscription(memory, faults);
      const handled: string[] = [];
      await consumeFrom(eventLog, async ({ key }) => {
        handled.push(key);
        return 'done';
      });
      const { position, userId } = await erase(memory);
      await untilStored(position);
      expect(faultCount()).toBe(50);
      expect(handled.sort()).toEqual([...users, userId].sort());
    });

    it('F-12 goes on while a message waits, after a read of the log behind it has failed', async () => {
      const memory = memoryEventLog();
      await logIdentity(memory);
      let failures = 1;
      const readAll: EventLog['readAll'] = (...given) =>
        failures-- > 0 ? Promise.reject(new LogUnavailable()) : memory.readAll(...given);
      const { userId: waiting } = await erase(memory);
      const handled = new Set<string>();
      await consumeFrom({ ...memory, ...readsThrough(readAll) }, async ({ key }) => {
        handled.add(key);
        return key === waiting ? 'later' : 'done';
      });
      await until(() => handled.has(waiting));
      // As many as are noted before the log is read behind.
      for (let count = 0; count < 10_000; count++) await erase(memory, 'UserRenamed');
      await until(() => failures < 0);
      const { userId } = await erase(memory);
      await until(() => handled.has(userId));
    });

    it('does not read again what came from pages of the log', async () => {
      const memory = memoryEventLog();
      await logIdentity(memory);
      const { position } = await erase(memory);
      let reads = 0;
      const readAll: EventLog['readAll'] = (...given) => {
        reads += 1;
        return memory.readAll(...given);
      };
      const follow: EventLog['follow'] = (after, options) => {
        options.onPage?.(after, position);
        return memory.follow(after, options);
      };
      await consumeFrom({ ...memory, ...readsThrough(readAll), follow }, async () => 'done');
      await untilStored(position);
      expect(reads).toBe(0);
    });

    it('F-12 does not move its checkpoint while the log cannot be read', async () => {
      const memory = memoryEventLog();
      await logIdentity(memory);
      let isAway = true;
      const readAll: EventLog['readAll'] = (...given) =>
        isAway ? Promise.reject(new LogUnavailable()) : memory.readAll(...given);
      const warnings: string[] = [];
      const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
      await consumeFrom({ ...memory, ...readsThrough(readAll) }, async () => 'done', log);
      const { position } = await erase(memory);
      await until(() => warnings.includes('checkpoint could not be saved'));
      expect(BigInt((await storedPosition()) ?? -1)).toBeLessThan(position);
      isAway = false;
      await untilStored(position);
    });
  });
});
