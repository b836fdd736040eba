import { type AppendResult, NO_STREAM } from '@eventstore/db-client';
import { forEachAppendMethod, type GoldenCases } from './goldenCases.js';
import { collect, revisions } from './readEvents.js';
import { sampleEvent, sampleEvents, streamName } from './sampleStreams.js';

const repeat = <T>(count: number, call: (index: number) => Promise<T>) =>
  Array.from({ length: count }, (_, index) => call(index));

/** How many appends succeeded, and the distinct errors of the others. */
const successesAndErrors = (results: readonly PromiseSettledResult<AppendResult>[]) => {
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  return {
    ok: results.length - errors.length,
    errors: [...new Set(errors.map((error) => `${error.type} ${error.expectedVersion} ${error.actualVersion}`))],
  };
};

/** A retry that arrives while its first attempt is in progress may time out. */
const ACCEPTED = ['next 0', 'timeout', 'deadline-exceeded'];

const raceCases: GoldenCases = forEachAppendMethod((method, options) => ({
  [`race.no_stream/${method}`]: async (client) => {
    const stream = streamName(`r1${method}`);
    const results = await Promise.allSettled(
      repeat(50, () => client.appendToStream(stream, sampleEvent(), { expectedRevision: NO_STREAM, ...options })),
    );
    return { ...successesAndErrors(results), revs: await revisions(client, stream) };
  },

  [`race.revision/${method}`]: async (client) => {
    const stream = streamName(`r3${method}`);
    await client.appendToStream(stream, sampleEvents(3), options);
    const results = await Promise.allSettled(
      repeat(30, () => client.appendToStream(stream, sampleEvents(2), { expectedRevision: 2n, ...options })),
    );
    return { ...successesAndErrors(results), revs: await revisions(client, stream) };
  },

  [`race.any/${method}`]: async (client) => {
    const stream = streamName(`r2${method}`);
    const results = await Promise.all(
      repeat(200, (i) => client.appendToStream(stream, sampleEvent('T', { i }), options)),
    );
    const events = (await collect(client.readStream(stream))).map(({ event }) => event);
    const numberOf = ({ data }: { data: unknown }) => (data as { i: number }).i;
    return {
      n: events.length,
      gapless: events.every((event, index) => event.revision === BigInt(index)),
      distinct: new Set(results.map((result) => result.nextExpectedRevision)).size,
      answeredWhereWritten: events.every((event) => {
        const result = results[numberOf(event)];
        return result?.nextExpectedRevision === event.revision && result.position?.commit === event.position?.commit;
      }),
      order: method === 'batch' ? events.every((event, index) => numberOf(event) === index) : undefined,
    };
  },

  [`race.same-event/${method}`]: async (client) => {
    const stream = streamName(`r4${method}`);
    const event = sampleEvent();
    const results = await Promise.allSettled(repeat(20, () => client.appendToStream(stream, event, options)));
    const outcomes = results.map((result) =>
      result.status === 'fulfilled' ? `next ${result.value.nextExpectedRevision}` : result.reason.type,
    );
    return {
      revs: await revisions(client, stream),
      answered: outcomes.includes('next 0'),
      otherwise: [...new Set(outcomes)].filter((outcome) => !ACCEPTED.includes(outcome)),
    };
  },
}));

export const concurrencyCases: GoldenCases = {
  ...raceCases,
  flood: async (client) => {
    const results = await Promise.all(
      repeat(1000, (index) => client.appendToStream(streamName(`fl${index % 100}`), sampleEvent())),
    );
    const revisionsOfEvents = new Set(results.map((result) => result.nextExpectedRevision));
    return { ok: results.length, next: [...revisionsOfEvents].sort((a, b) => Number(a - b)) };
  },
};
