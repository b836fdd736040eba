import { beforeAll, expect, it } from '@jest/globals';
import { type EventLog, NO_STREAM } from '@ums/kit/event-log/eventLog';
import { anEvent, aStream, ids } from '../sampleEvents.js';
import { until } from '../until.js';

/** How an event log hides events that are older than the maximum age of their stream. */
export const maximumAgeContract = (log: () => EventLog): void => {
  let eventLog: EventLog;
  beforeAll(() => {
    eventLog = log();
  });

  it('hides the events of a stream that are older than its maximum age, and continues their revisions', async () => {
    const stream = aStream();
    const [old, young] = [anEvent(), anEvent()];
    const first = await eventLog.append(stream, [old], NO_STREAM);
    const other = aStream();
    await eventLog.append(other, [anEvent()], NO_STREAM);
    await eventLog.setMaxAge(stream, 1_000);
    expect(ids(await eventLog.readStream(stream))).toEqual([old.id]);
    // As long as the slowest machine takes to append the young event and to read it.
    await eventLog.setMaxAge(stream, 6, [1_000]);
    await until(async () => (await eventLog.readStream(stream)).length === 0);
    await expect(eventLog.append(stream, [anEvent()], NO_STREAM)).rejects.toMatchObject({ actual: 0n });
    await eventLog.append(stream, [young], 0n);
    expect(await eventLog.readStream(stream)).toMatchObject([{ id: young.id, revision: 1n }]);
    expect(await eventLog.readStream(other)).toHaveLength(1);
    expect((await eventLog.readAt(first.position))?.id).toBe(old.id);
  });

  it('sets the maximum age of a stream once, also before its first event', async () => {
    const stream = aStream();
    await eventLog.setMaxAge(stream, 1_000);
    await eventLog.setMaxAge(stream, 1);
    const metadata = await eventLog.readStream(`$$${stream}`);
    expect(metadata).toMatchObject([{ type: '$metadata', revision: 0n, data: { $maxAge: 1_000 } }]);
    const event = anEvent();
    await eventLog.append(stream, [event], NO_STREAM);
    expect(ids(await eventLog.readStream(stream))).toEqual([event.id]);
    expect(ids(await eventLog.readAll(undefined, 1_000))).toContain(metadata[0]?.id);
  });

  it('replaces a maximum age that is one of those given, and no other', async () => {
    const stream = aStream();
    for (const seconds of [1_000, 2_000]) await eventLog.setMaxAge(stream, seconds, [3_000, 1_000]);
    await eventLog.setMaxAge(stream, 5_000, [4_000]);
    await eventLog.append(stream, [anEvent()], NO_STREAM);
    // A server shows the last metadata alone.
    const metadata = await eventLog.readStream(`$$${stream}`);
    expect(metadata.at(-1)).toMatchObject({ revision: 1n, data: { $maxAge: 2_000 } });
  });

  it('refuses ages that are no time, and those of system streams', async () => {
    for (const seconds of [0, -1, 1.5, Number.NaN])
      await expect(eventLog.setMaxAge(aStream(), seconds)).rejects.toBeInstanceOf(TypeError);
    await expect(eventLog.setMaxAge('$all', 1)).rejects.toBeInstanceOf(TypeError);
  });
};
