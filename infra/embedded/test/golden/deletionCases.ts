import { BACKWARDS, END, type EventStoreDBClient, START } from '@eventstore/db-client';
import { appendResult, resultOrError } from './describeResult.js';
import type { GoldenCases } from './goldenCases.js';
import { describeMetadata } from './metadataCases.js';
import { collect, labelOf, revisions, revisionsOrError } from './readEvents.js';
import { appendEvents, streamName } from './sampleStreams.js';
import { EXPECTED, STATES } from './streamStates.js';

type Method = 'deleteStream' | 'tombstoneStream';

/** Deletes a stream in each state, with each expected revision. The client cannot send all of them, which its types say. */
const deleteCases: GoldenCases = Object.fromEntries(
  (['deleteStream', 'tombstoneStream'] as const).flatMap((method: Method) =>
    Object.entries(STATES).flatMap(([state, prepare]) =>
      Object.entries(EXPECTED).map(([expected, expectedRevision]): [string, GoldenCases[string]] => [
        `${method}.${state}.${expected}`,
        async (client) => {
          const stream = streamName(`${method}-${state}-${expected}`);
          await prepare(client, stream);
          const r = await resultOrError(async () => {
            const result = await client[method](stream, { expectedRevision: expectedRevision as bigint });
            return result.position ? 'position' : result;
          });
          return { r, revs: await revisionsOrError(client, stream) };
        },
      ]),
    ),
  ),
);

/** The events of the whole log from the last of two that are appended before the stream is changed. */
const readAllAfter = async (
  client: EventStoreDBClient,
  stream: string,
  change: (stream: string) => Promise<unknown>,
) => {
  const { position = START } = await appendEvents(client, stream, 2);
  await change(stream);
  return collect(client.readAll({ fromPosition: position, maxCount: 10 }));
};

export const deletionCases: GoldenCases = {
  ...deleteCases,

  'delete.read-backwards': async (client) => {
    const stream = streamName('dl-b');
    await appendEvents(client, stream, 3);
    await client.deleteStream(stream);
    return revisions(client, stream, { direction: BACKWARDS, fromRevision: END });
  },

  'delete.meta': async (client) => {
    const stream = streamName('dl-m');
    await appendEvents(client, stream, 3);
    await client.setStreamMetadata(stream, { custom: 'kept' });
    await client.deleteStream(stream);
    const raw = await collect(client.readStream(`$$${stream}`));
    return { meta: await describeMetadata(client, stream), raw: raw.map(({ event }) => [event.type, event.data]) };
  },

  'delete.in-readall': async (client) => {
    const found = await readAllAfter(client, streamName('dl-a'), (stream) => client.deleteStream(stream));
    return found.map((each) => [
      ...[labelOf(each), each.event.type],
      each.event.streamId.startsWith('$$') ? each.event.data : null,
    ]);
  },

  'tombstone.in-readall': async (client) => {
    const found = await readAllAfter(client, streamName('ts-a'), (stream) => client.tombstoneStream(stream));
    return found.map((each) => [labelOf(each), each.event.type, each.event.data]);
  },

  'tombstone.meta': async (client) => {
    const stream = streamName('ts-m');
    await appendEvents(client, stream, 3);
    await client.tombstoneStream(stream);
    const get = await resultOrError(() => describeMetadata(client, stream));
    const set = await appendResult(() => client.setStreamMetadata(stream, { custom: 1 }));
    // Recorded with BatchAppend, whose errors have neither code nor text.
    return { get, set: { ...set, code: undefined, msg: '' } };
  },
};
