import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { ANY, type EventLog, NO_STREAM, WrongRevision } from '@ums/kit/event-log/eventLog';
import { anEvent, aStream, ids } from '../sampleEvents.js';

/** How an event log appends. */
export const appendContract = (log: () => EventLog): void => {
  let eventLog: EventLog;
  beforeAll(() => {
    eventLog = log();
  });

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

  it('refuses malformed events and system streams', async () => {
    const upper = { ...anEvent(), id: randomUUID().toUpperCase() };
    const nil = { ...anEvent(), id: '00000000-0000-0000-0000-000000000000' };
    const twice = anEvent();
    for (const events of [[], [upper], [nil], [{ ...anEvent(), type: '' }], [twice, twice]])
      await expect(eventLog.append(aStream(), events, NO_STREAM)).rejects.toBeInstanceOf(TypeError);
    for (const stream of ['', '$all'])
      await expect(eventLog.append(stream, [anEvent()], ANY)).rejects.toBeInstanceOf(TypeError);
  });
};
