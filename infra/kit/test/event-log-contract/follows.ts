import { beforeAll, expect, it } from '@jest/globals';
import { type EventLog, NO_STREAM } from '@ums/kit/event-log/eventLog';
import { anEvent, aStream, ids, take } from '../sampleEvents.js';

/** How an event log is followed. */
export const followContract = (log: () => EventLog): void => {
  let eventLog: EventLog;
  beforeAll(() => {
    eventLog = log();
  });

  it('F-12 follows past and new events without a gap or a repeat', async () => {
    const { position } = await eventLog.append(aStream(), [anEvent()], NO_STREAM);
    const past = Array.from({ length: 40 }, () => anEvent());
    await eventLog.append(aStream(), past, NO_STREAM);
    const stop = new AbortController();
    const followed = eventLog.follow(position, { signal: stop.signal });
    expect(ids(await take(followed, 20))).toEqual(ids(past.slice(0, 20)));
    const present = Array.from({ length: 40 }, () => anEvent());
    for (const event of present) await eventLog.append(aStream(), [event], NO_STREAM);
    expect(ids(await take(followed, 60))).toEqual(ids([...past.slice(20), ...present]));
    const nothingMore = followed.next();
    stop.abort();
    expect((await nothingMore).done).toBe(true);
  });

  it('stops following when the signal aborts', async () => {
    const stop = new AbortController();
    await eventLog.append(aStream(), [anEvent(), anEvent(), anEvent()], NO_STREAM);
    const followed = eventLog.follow(undefined, { signal: stop.signal });
    expect((await followed.next()).done).toBe(false);
    stop.abort();
    expect((await followed.next()).done).toBe(true);
  });

  it('follows nothing when the signal has already aborted', async () => {
    const followed = eventLog.follow(undefined, { signal: AbortSignal.abort() });
    expect((await followed.next()).done).toBe(true);
  });
};
