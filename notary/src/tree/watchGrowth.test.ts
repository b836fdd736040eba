import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ANY, type EventLog } from '@ums/kit/event-log/eventLog';
import { memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import { anEvent } from '../../test/world.js';
import { watchGrowth } from './watchGrowth.js';

const LONG_MS = 600_000;

describe('watchGrowth', () => {
  const grow = (eventLog: EventLog) => eventLog.append(`user-${randomUUID()}`, [anEvent('UserRenamed')], ANY);

  it('wakes a reader that waits, by an event after its position', async () => {
    const eventLog = memoryEventLog();
    const { position } = await grow(eventLog);
    const growth = watchGrowth(eventLog, position, new AbortController().signal);
    const waiting = growth.beyond(position, LONG_MS);
    const next = await grow(eventLog);
    await waiting;
    await growth.beyond(next.position - 1n, LONG_MS);
  });

  it('wakes it in time without an event, and at the abort', async () => {
    const eventLog = memoryEventLog();
    const { position } = await grow(eventLog);
    const aborted = new AbortController();
    const growth = watchGrowth(eventLog, position, aborted.signal);
    await growth.beyond(position, 1);
    const waiting = growth.beyond(position, LONG_MS);
    aborted.abort();
    await waiting;
    await growth.beyond(position, LONG_MS);
  });

  it('fails as the subscription does', async () => {
    const follow = (): ReturnType<EventLog['follow']> => {
      throw new Error('no subscription');
    };
    const growth = watchGrowth({ ...memoryEventLog(), follow }, undefined, new AbortController().signal);
    await expect(growth.beyond(0n, LONG_MS)).rejects.toThrow('no subscription');
  });
});
