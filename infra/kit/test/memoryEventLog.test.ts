import { describe, expect, it } from '@jest/globals';
import { LogUnavailable, NO_STREAM, WrongRevision } from '@ums/kit/event-log/eventLog';
import { anEvent, aStream, eventLogContract, take } from './eventLogContract.js';
import { memoryEventLog } from './memoryEventLog.js';

eventLogContract('memoryEventLog', async () => ({ log: memoryEventLog(), close: async () => undefined }));

describe('memoryEventLog', () => {
  it('refuses calls without effect', async () => {
    const log = memoryEventLog();
    log.refuse(2);
    await expect(log.append(aStream(), [anEvent()], NO_STREAM)).rejects.toBeInstanceOf(LogUnavailable);
    await expect(log.head()).rejects.toBeInstanceOf(LogUnavailable);
    expect(await log.head()).toBeUndefined();
  });

  it('commits and drops the reply', async () => {
    const log = memoryEventLog();
    const event = anEvent();
    log.dropReplies();
    await expect(log.append('mail-1', [event], NO_STREAM)).rejects.toBeInstanceOf(LogUnavailable);
    expect(await log.append('mail-1', [event], NO_STREAM)).toMatchObject({ revision: 0n });
    expect(log.events).toHaveLength(1);
  });

  it('makes a writer lose, for no reason or against one that comes in between', async () => {
    const log = memoryEventLog();
    log.conflict();
    await expect(log.append('mail-1', [anEvent()], NO_STREAM)).rejects.toBeInstanceOf(WrongRevision);
    log.beforeAppend(() => log.append('mail-1', [anEvent()], NO_STREAM));
    await expect(log.append('mail-1', [anEvent()], NO_STREAM)).rejects.toMatchObject({ actual: 0n });
  });

  it('hangs until it is told to go on, its followers too', async () => {
    const log = memoryEventLog();
    const resume = log.hang();
    const order: string[] = [];
    const followed = take(log.follow(undefined, { signal: new AbortController().signal }), 1);
    const appended = log.append('mail-1', [anEvent()], NO_STREAM).then(() => order.push('appended'));
    order.push('hung');
    resume();
    await appended;
    expect(order).toEqual(['hung', 'appended']);
    expect(await followed).toHaveLength(1);
  });
});
