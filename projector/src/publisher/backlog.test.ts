import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ANY } from '@ums/kit/event-log/eventLog';
import { memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import { backlog } from './backlog.js';

const logOf = async (count: number) => {
  const eventLog = memoryEventLog();
  const append = async (more: number) => {
    for (let added = 0; added < more; added++)
      await eventLog.append('elsewhere', [{ id: randomUUID(), type: 'Event', data: {}, metadata: {} }], ANY);
  };
  await append(count);
  return { eventLog, append, position: (index: number) => eventLog.events[index]?.position ?? -1n };
};

describe('backlog', () => {
  it('counts the events after the checkpoint', async () => {
    const { eventLog, position } = await logOf(5);
    expect(await backlog(eventLog).count(-1n)).toBe(5);
    expect(await backlog(eventLog).count(position(1))).toBe(3);
    expect(await backlog(eventLog).count(position(4))).toBe(0);
  });

  it('reads each event once, and subtracts what was published meanwhile', async () => {
    const { eventLog, append, position } = await logOf(2_500);
    let read = 0;
    const readAll: typeof eventLog.readAll = async (...args) => {
      const events = await eventLog.readAll(...args);
      read += events.length;
      return events;
    };
    const unpublished = backlog({ readAll });
    expect(await unpublished.count(-1n)).toBe(2_500);
    unpublished.published(1_000);
    await append(10);
    expect(await unpublished.count(position(999))).toBe(1_510);
    expect(read).toBe(2_510);
    unpublished.published(1_510);
    await append(3);
    expect(await unpublished.count(position(2_509))).toBe(3);
  });

  it('begins anew when the checkpoint has passed what it counted', async () => {
    const { eventLog, append, position } = await logOf(3);
    const unpublished = backlog(eventLog);
    expect(await unpublished.count(-1n)).toBe(3);
    await append(4);
    unpublished.published(5);
    expect(await unpublished.count(position(4))).toBe(2);
  });

  it('counts a long backlog over several calls', async () => {
    const page = Array.from({ length: 1_000 }, (_, index) => ({ position: BigInt(index) }));
    const endless = { readAll: async () => page as never };
    const unpublished = backlog(endless);
    expect(await unpublished.count(-1n)).toBe(10_000);
    expect(await unpublished.count(-1n)).toBe(20_000);
  });
});
