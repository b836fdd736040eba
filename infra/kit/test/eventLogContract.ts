import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import {
  ANY,
  type EventLog,
  type EventToAppend,
  NO_STREAM,
  type StreamPart,
  WrongRevision,
} from '@ums/kit/event-log/eventLog';
import { until } from './until.js';

export const anEvent = (type = 'Noted', data: Record<string, unknown> = {}): EventToAppend => ({
  id: randomUUID(),
  type,
  data,
  metadata: { at: '2026-01-01T00:00:00.000Z' },
});

export const aStream = (): string => `mail-${randomUUID()}`;

export const ids = (events: readonly { id: string }[]): string[] => events.map(({ id }) => id);

/** The next `count` events, or fewer when the iterator ends. */
export const take = async (events: AsyncIterableIterator<RecordedEvent>, count: number): Promise<RecordedEvent[]> => {
  const taken: RecordedEvent[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
};

/** Tests that every implementation of `EventLog` must pass, the in-memory one included. */
export const eventLogContract = (
  name: string,
  open: () => Promise<{ eventLog: EventLog; close(): Promise<void> }>,
): void => {
  describe(`${name} as an event log`, () => {
    let eventLog: EventLog;
    let close: () => Promise<void>;
    beforeAll(async () => ({ eventLog, close } = await open()));
    afterAll(() => close());

    it('returns revision and position of the last event appended', async () => {
      const stream = aStream();
      const events = [
        anEvent('First', { n: 1 }),
        anEvent('Second', { text: 'ä\u{1F600}\n', deep: { list: [null, true] } }),
      ];
      const appended = await eventLog.append(stream, events, NO_STREAM);
      const read = await eventLog.readStream(stream);
      expect(appended).toEqual({ revision: 1n, position: read[1]?.position });
      expect(read.map(({ position: _, ...event }) => event)).toEqual(
        events.map((event, index) => ({ ...event, stream, revision: BigInt(index) })),
      );
    });

    it('F-05 refuses an append at another revision, names both revisions, and writes nothing', async () => {
      const stream = aStream();
      await expect(eventLog.append(stream, [anEvent()], 0n)).rejects.toMatchObject({
        name: 'WrongRevision',
        actual: NO_STREAM,
        message: 'expected revision 0, stream does not exist',
      });
      await eventLog.append(stream, [anEvent(), anEvent(), anEvent()], NO_STREAM);
      for (const wrong of [NO_STREAM, 0n, 1n, 7n] as const) {
        const refused = eventLog.append(stream, [anEvent(), anEvent()], wrong);
        const expected = wrong === NO_STREAM ? 'no stream' : `revision ${wrong}`;
        const message = `expected ${expected}, stream is at 2`;
        await expect(refused).rejects.toMatchObject({ name: 'WrongRevision', stream, actual: 2n, message });
      }
      expect(await eventLog.readStream(stream)).toHaveLength(3);
      await expect(eventLog.append(stream, [anEvent()], 2n)).resolves.toMatchObject({ revision: 3n });
    });

    it('F-02 answers a repeat at the same revision with the first position and writes it once', async () => {
      const stream = aStream();
      const [a, b, c, d] = [anEvent(), anEvent(), anEvent(), anEvent()];
      const first = await eventLog.append(stream, [a, b], NO_STREAM);
      expect(await eventLog.append(stream, [a, b], NO_STREAM)).toEqual(first);
      const second = await eventLog.append(stream, [c], 1n);
      expect(await eventLog.append(stream, [c], 1n)).toEqual(second);
      expect(await eventLog.append(stream, [a, b], NO_STREAM)).toEqual(first);
      await expect(eventLog.append(stream, [a, d], NO_STREAM)).rejects.toBeInstanceOf(WrongRevision);
      await expect(eventLog.append(stream, [c, d], 1n)).rejects.toBeInstanceOf(WrongRevision);
      expect(ids(await eventLog.readStream(stream))).toEqual(ids([a, b, c]));
    });

    it('appends with ANY, and writes a known event id once', async () => {
      const stream = aStream();
      const [a, b] = [anEvent(), anEvent()];
      const first = await eventLog.append(stream, [a], ANY);
      await eventLog.append(stream, [b], ANY);
      expect(await eventLog.append(stream, [a], ANY)).toEqual(first);
      expect(ids(await eventLog.readStream(stream))).toEqual(ids([a, b]));
    });

    it('F-06 lets exactly one of 50 concurrent writers create a stream', async () => {
      const stream = aStream();
      const appends = Array.from({ length: 50 }, () => eventLog.append(stream, [anEvent()], NO_STREAM));
      const outcomes = await Promise.allSettled(appends);
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(lost).toHaveLength(49);
      for (const { reason } of lost) expect(reason).toBeInstanceOf(WrongRevision);
      expect(await eventLog.readStream(stream)).toHaveLength(1);
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

    it('finds the event at a position, and none at other positions', async () => {
      const event = anEvent();
      const { position } = await eventLog.append(aStream(), [event], NO_STREAM);
      expect((await eventLog.readAt(position))?.id).toBe(event.id);
      expect(await eventLog.readAt(position - 1n)).toBeUndefined();
      expect(await eventLog.readAt(position + 1n)).toBeUndefined();
      expect(await eventLog.readAt(position + 1_000_000n)).toBeUndefined();
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

    it('hides the events of a stream that are older than its maximum age, and continues their revisions', async () => {
      const stream = aStream();
      const [old, young] = [anEvent(), anEvent()];
      const first = await eventLog.append(stream, [old], NO_STREAM);
      const other = aStream();
      await eventLog.append(other, [anEvent()], NO_STREAM);
      await eventLog.setMaxAge(stream, 3);
      expect(ids(await eventLog.readStream(stream))).toEqual([old.id]);
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

    it('refuses malformed events and system streams', async () => {
      const upper = { ...anEvent(), id: randomUUID().toUpperCase() };
      const nil = { ...anEvent(), id: '00000000-0000-0000-0000-000000000000' };
      const twice = anEvent();
      for (const events of [[], [upper], [nil], [{ ...anEvent(), type: '' }], [twice, twice]])
        await expect(eventLog.append(aStream(), events, NO_STREAM)).rejects.toBeInstanceOf(TypeError);
      for (const stream of ['', '$all'])
        await expect(eventLog.append(stream, [anEvent()], ANY)).rejects.toBeInstanceOf(TypeError);
    });
  });
};
