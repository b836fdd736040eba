import { randomUUID } from 'node:crypto';
import { ANY, type AppendExpectedRevision, type AppendResult, NO_STREAM, STREAM_EXISTS } from '@eventstore/db-client';
import { describeAppend, describeError } from './describeResult.js';
import { forEachAppendMethod, type GoldenCases } from './goldenCases.js';
import { collect, revisions } from './readEvents.js';
import { sampleEvent, streamName } from './sampleStreams.js';

interface Repetition {
  /** The first append: one letter an event. */
  readonly first: string;
  readonly firstExpected?: AppendExpectedRevision;
  /** Appended between the two. */
  readonly between?: string;
  /** The second append; the same letter is an event with the same id. */
  readonly again: string;
  readonly againExpected: AppendExpectedRevision;
}

const REPETITIONS: Readonly<Record<string, Repetition>> = {
  'same.no_stream': { first: 'a', firstExpected: NO_STREAM, again: 'a', againExpected: NO_STREAM },
  'same.any': { first: 'a', again: 'a', againExpected: ANY },
  'same.exists': { first: 'x', between: 'a', again: 'a', againExpected: STREAM_EXISTS },
  'same.first-as-no_stream.then-any': { first: 'a', firstExpected: NO_STREAM, again: 'a', againExpected: ANY },
  'same.rev-1': { first: 'xya', again: 'a', againExpected: 1n },
  'same.rev-0-of-second': { first: 'xya', again: 'a', againExpected: 0n },
  'same.rev-current': { first: 'xya', again: 'a', againExpected: 2n },
  'same.rev-ahead': { first: 'xya', again: 'a', againExpected: 7n },
  'after-more.no_stream': {
    first: 'a',
    firstExpected: NO_STREAM,
    between: 'xyz',
    again: 'a',
    againExpected: NO_STREAM,
  },
  'after-more.any': { first: 'a', between: 'xyz', again: 'a', againExpected: ANY },
  'after-more.rev': { first: 'xa', between: 'yz', again: 'a', againExpected: 0n },
  'batch.same.no_stream': { first: 'ab', firstExpected: NO_STREAM, again: 'ab', againExpected: NO_STREAM },
  'batch.same.any': { first: 'ab', between: 'x', again: 'ab', againExpected: ANY },
  'batch.same.rev': { first: 'xab', between: 'y', again: 'ab', againExpected: 0n },
  'batch.prefix.no_stream': { first: 'ab', firstExpected: NO_STREAM, again: 'a', againExpected: NO_STREAM },
  'batch.prefix.any': { first: 'ab', again: 'a', againExpected: ANY },
  'batch.suffix.any': { first: 'ab', again: 'b', againExpected: ANY },
  'batch.suffix.no_stream': { first: 'ab', firstExpected: NO_STREAM, again: 'b', againExpected: NO_STREAM },
  'batch.suffix.rev': { first: 'ab', again: 'b', againExpected: 0n },
  'batch.superset.no_stream': { first: 'a', firstExpected: NO_STREAM, again: 'ab', againExpected: NO_STREAM },
  'batch.superset.before.any': { first: 'a', again: 'ba', againExpected: ANY },
  'batch.superset.rev': { first: 'xa', again: 'ab', againExpected: 0n },
  'batch.reordered.any': { first: 'ab', again: 'ba', againExpected: ANY },
  'batch.reordered.no_stream': { first: 'ab', firstExpected: NO_STREAM, again: 'ba', againExpected: NO_STREAM },
  'batch.overlap.any': { first: 'ab', again: 'bc', againExpected: ANY },
  'batch.gap.any': { first: 'a', between: 'xb', again: 'ab', againExpected: ANY },
  'batch.gap.no_stream': { first: 'a', firstExpected: NO_STREAM, between: 'xb', again: 'ab', againExpected: NO_STREAM },
  'twice-in-one.any': { first: 'aa', again: 'a', againExpected: ANY },
  'twice-in-one.no_stream': { first: 'aa', firstExpected: NO_STREAM, again: 'aa', againExpected: NO_STREAM },
};

/** The result twice: described, and its position, which is undefined for an error. */
const outcomeOf = async (append: Promise<AppendResult>) => {
  try {
    const result = await append;
    return { described: describeAppend(result), position: result.position };
  } catch (error) {
    return { described: describeError(error), position: undefined };
  }
};

/** Appends of events whose ids are already in the log. */
export const idempotencyCases: GoldenCases = forEachAppendMethod((method, options) => {
  const cases: Record<string, GoldenCases[string]> = {};
  for (const [name, { first, firstExpected = ANY, between, again, againExpected }] of Object.entries(REPETITIONS))
    cases[`idempotent.${name}/${method}`] = async (client) => {
      const stream = streamName(`i-${name}-${method}`);
      const ids = new Map<string, string>();
      const idOf = (letter: string): string => {
        const id = ids.get(letter) ?? randomUUID();
        ids.set(letter, id);
        return id;
      };
      const eventsOf = (letters: string) =>
        [...letters].map((letter) => sampleEvent('T', { letter }, { id: idOf(letter) }));
      const a = await outcomeOf(
        client.appendToStream(stream, eventsOf(first), { expectedRevision: firstExpected, ...options }),
      );
      if (between) await client.appendToStream(stream, eventsOf(between), options);
      const b = await outcomeOf(
        client.appendToStream(stream, eventsOf(again), { expectedRevision: againExpected, ...options }),
      );
      const letterOf = new Map([...ids].map(([letter, id]) => [id, letter]));
      return {
        a: a.described,
        b: b.described,
        same: a.position && b.position ? a.position.commit === b.position.commit : undefined,
        stream: (await collect(client.readStream(stream))).map(({ event }) => letterOf.get(event.id)).join(''),
      };
    };

  cases[`idempotent.other-data/${method}`] = async (client) => {
    const stream = streamName(`i-od-${method}`);
    const id = randomUUID();
    await client.appendToStream(stream, sampleEvent('T', { v: 1 }, { id }), options);
    const again = await client.appendToStream(stream, sampleEvent('Other', { v: 2 }, { id }), options);
    const events = await collect(client.readStream(stream));
    return { b: describeAppend(again), stream: events.map(({ event }) => [event.type, event.data]) };
  };

  cases[`idempotent.other-stream/${method}`] = async (client) => {
    const event = sampleEvent('T', {}, { id: randomUUID() });
    await client.appendToStream(streamName(`i-os1-${method}`), event, options);
    const again = await client.appendToStream(streamName(`i-os2-${method}`), event, options);
    return { b: describeAppend(again), revs: await revisions(client, streamName(`i-os2-${method}`)) };
  };

  cases[`idempotent.uppercase-id/${method}`] = async (client) => {
    const stream = streamName(`i-up-${method}`);
    const id = randomUUID();
    await client.appendToStream(stream, sampleEvent('T', {}, { id }), options);
    const again = await client.appendToStream(stream, sampleEvent('T', {}, { id: id.toUpperCase() }), options);
    const events = await collect(client.readStream(stream));
    return { b: describeAppend(again), n: events.length, lower: events[0]?.event.id === id };
  };
  return cases;
});
