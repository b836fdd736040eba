import { beforeAll, expect, it } from '@jest/globals';
import { type EventLog, NO_STREAM, type StreamPart } from '@ums/kit/event-log/eventLog';
import { anEvent, aStream, ids } from '../sampleEvents.js';

/** How an event log reads. */
export const readContract = (log: () => EventLog): void => {
  let eventLog: EventLog;
  beforeAll(() => {
    eventLog = log();
  });

  it('reads a stream from a revision on, and nothing from a stream that does not exist', async () => {
    const stream = aStream();
    expect(await eventLog.readStream(stream)).toEqual([]);
    const events = Array.from({ length: 5 }, () => anEvent());
    await eventLog.append(stream, events, NO_STREAM);
    expect(ids(await eventLog.readStream(stream, 3n))).toEqual(ids(events.slice(3)));
    expect(await eventLog.readStream(stream, 5n)).toEqual([]);
  });

  it('reads a part of a stream in both directions, and nothing behind its ends', async () => {
    const stream = aStream();
    expect(await eventLog.readPart(stream, { limit: 5 })).toEqual([]);
    expect(await eventLog.readPart(stream, { limit: 5, isBackwards: true })).toEqual([]);
    const events = Array.from({ length: 6 }, () => anEvent());
    await eventLog.append(stream, events, NO_STREAM);
    const part = async (asked: StreamPart) => ids(await eventLog.readPart(stream, asked));
    const backwards = ids(events).toReversed();
    expect(await part({ limit: 2 })).toEqual(ids(events.slice(0, 2)));
    expect(await part({ from: 2n, limit: 3 })).toEqual(ids(events.slice(2, 5)));
    expect(await part({ from: 4n, limit: 100 })).toEqual(ids(events.slice(4)));
    expect(await part({ from: 6n, limit: 5 })).toEqual([]);
    expect(await part({ limit: 2, isBackwards: true })).toEqual(backwards.slice(0, 2));
    expect(await part({ from: 3n, limit: 2, isBackwards: true })).toEqual(backwards.slice(2, 4));
    expect(await part({ from: 1n, limit: 100, isBackwards: true })).toEqual(backwards.slice(4));
    expect(await part({ from: 1_000n, limit: 1, isBackwards: true })).toEqual(backwards.slice(0, 1));
    for (const isBackwards of [false, true]) expect(await part({ limit: 0, isBackwards })).toEqual([]);
  });

  it('F-12 reads the whole log after a position, in commit order, with strictly increasing positions', async () => {
    const before = await eventLog.append(aStream(), [anEvent()], NO_STREAM);
    const written = Array.from({ length: 6 }, () => anEvent());
    for (const event of written) await eventLog.append(aStream(), [event], NO_STREAM);
    const read = await eventLog.readAll(before.position, 100);
    expect(ids(read)).toEqual(ids(written));
    expect(read.every(({ position }, i) => position > (read[i - 1]?.position ?? before.position))).toBe(true);
    expect(ids(await eventLog.readAll(before.position, 2))).toEqual(ids(written.slice(0, 2)));
    expect(ids(await eventLog.readAll(read[1]?.position, 2))).toEqual(ids(written.slice(2, 4)));
    expect(await eventLog.head()).toBe(read.at(-1)?.position);
    expect(await eventLog.readAll(read.at(-1)?.position, 10)).toEqual([]);
    expect((await eventLog.readAll(undefined, 1_000)).map(({ id }) => id)).toEqual(
      expect.arrayContaining(ids(written)),
    );
  });

  it('F-12 tells the positions of a part of the whole log, also after it has grown', async () => {
    const written: bigint[] = [];
    const write = async (): Promise<void> => {
      written.push((await eventLog.append(aStream(), [anEvent()], NO_STREAM)).position);
    };
    for (let count = 0; count < 4; count++) await write();
    const [first, second, third, fourth] = written as [bigint, bigint, bigint, bigint];
    expect(await eventLog.positions(first, third)).toEqual([second, third]);
    await write();
    expect(await eventLog.positions(second, written.at(-1) as bigint)).toEqual(written.slice(2));
    expect(await eventLog.positions(fourth, fourth)).toEqual([]);
    expect((await eventLog.positions(undefined, fourth)).slice(-4)).toEqual(written.slice(0, 4));
  });

  it('finds the event at a position, and none at other positions', async () => {
    const event = anEvent();
    const { position } = await eventLog.append(aStream(), [event], NO_STREAM);
    expect((await eventLog.readAt(position))?.id).toBe(event.id);
    expect(await eventLog.readAt(position - 1n)).toBeUndefined();
    expect(await eventLog.readAt(position + 1n)).toBeUndefined();
    expect(await eventLog.readAt(position + 1_000_000n)).toBeUndefined();
  });
};
