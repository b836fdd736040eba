import { describe, expect, it } from '@jest/globals';
import { ANY, LogUnavailable, NO_STREAM, StreamDeleted, WrongRevision } from '@ums/kit/event-log/eventLog';
import { eventLogContract } from './event-log-contract/eventLogContract.js';
import { memoryEventLog } from './memoryEventLog.js';
import { anEvent, aStream, take } from './sampleEvents.js';

eventLogContract('memoryEventLog', async () => ({ eventLog: memoryEventLog(), close: async () => undefined }));

describe('memoryEventLog', () => {
  it('fails calls without effect', async () => {
    const eventLog = memoryEventLog();
    eventLog.refuse(2);
    await expect(eventLog.append(aStream(), [anEvent()], NO_STREAM)).rejects.toBeInstanceOf(LogUnavailable);
    await expect(eventLog.head()).rejects.toBeInstanceOf(LogUnavailable);
    expect(await eventLog.head()).toBeUndefined();
  });

  it('commits an append and then fails it', async () => {
    const eventLog = memoryEventLog();
    const event = anEvent();
    eventLog.dropReplies();
    await expect(eventLog.append('mail-1', [event], NO_STREAM)).rejects.toBeInstanceOf(LogUnavailable);
    expect(await eventLog.append('mail-1', [event], NO_STREAM)).toMatchObject({ revision: 0n });
    expect(eventLog.events).toHaveLength(1);
  });

  it('makes a writer lose, with or without another writer in between', async () => {
    const eventLog = memoryEventLog();
    eventLog.conflict();
    await expect(eventLog.append('mail-1', [anEvent()], NO_STREAM)).rejects.toBeInstanceOf(WrongRevision);
    eventLog.beforeAppend(() => eventLog.append('mail-1', [anEvent()], NO_STREAM));
    await expect(eventLog.append('mail-1', [anEvent()], NO_STREAM)).rejects.toMatchObject({ actual: 0n });
  });

  it('deletes a stream for good, and keeps its events in the whole log', async () => {
    const eventLog = memoryEventLog();
    const { position } = await eventLog.append('mail-1', [anEvent()], NO_STREAM);
    eventLog.deleteStream('mail-1');
    await eventLog.setMaxAge('mail-1', 60);
    expect([await eventLog.readStream('mail-1'), await eventLog.head()]).toEqual([[], position]);
    await expect(eventLog.append('mail-1', [anEvent()], ANY)).rejects.toBeInstanceOf(StreamDeleted);
  });

  it('suspends calls and followers until resumed', async () => {
    const eventLog = memoryEventLog();
    const resume = eventLog.hang();
    const order: string[] = [];
    const followed = take(eventLog.follow(undefined, { signal: new AbortController().signal }), 1);
    const appended = eventLog.append('mail-1', [anEvent()], NO_STREAM).then(() => order.push('appended'));
    order.push('suspended');
    resume();
    await appended;
    expect(order).toEqual(['suspended', 'appended']);
    expect(await followed).toHaveLength(1);
  });
});
