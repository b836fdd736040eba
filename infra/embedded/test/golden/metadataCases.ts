import { BACKWARDS, END, type EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { appendResult, describeAppend, describeEvent } from './describeResult.js';
import type { GoldenCases } from './goldenCases.js';
import { collect, revisions, revisionsOrError } from './readEvents.js';
import { appendEvents, sampleEvent, sampleEvents, streamName } from './sampleStreams.js';

/** The metadata of a stream, and which number of its event the client takes for its revision. */
export const describeMetadata = async (client: EventStoreDBClient, stream: string) => {
  const { streamName: name, metadata, metastreamRevision } = await client.getStreamMetadata(stream);
  const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
  const [last] = metadata ? await collect(client.readStream(`$$${stream}`, options)) : [];
  const isPosition = metastreamRevision !== undefined && metastreamRevision === last?.commitPosition;
  return {
    stream: name,
    meta: metadata,
    rev: isPosition ? 'commit position' : metastreamRevision,
    lastRevision: last?.event.revision,
  };
};

const backwards = (client: EventStoreDBClient, stream: string) =>
  revisions(client, stream, { direction: BACKWARDS, fromRevision: END });

/** Stream metadata: how it is set and read, and what it hides. */
export const metadataCases: GoldenCases = {
  'meta.default': async (client) => {
    await appendEvents(client, streamName('m1'));
    return describeMetadata(client, streamName('m1'));
  },

  'meta.missing-stream': (client) => describeMetadata(client, streamName('m0')),

  'meta.set.get': async (client) => {
    const stream = streamName('m2');
    await appendEvents(client, stream, 5);
    const metadata = { maxCount: 2, maxAge: 100, cacheControl: 5, acl: { readRoles: ['$all'] }, custom: 'x' };
    const r = await appendResult(() => client.setStreamMetadata(stream, metadata));
    const raw = (await collect(client.readStream(`$$${stream}`))).map(describeEvent);
    return { r, meta: await describeMetadata(client, stream), raw, revs: await revisions(client, stream) };
  },

  'meta.set.twice': async (client) => {
    const stream = streamName('m7');
    await client.setStreamMetadata(stream, { custom: 1 });
    const r = await appendResult(() => client.setStreamMetadata(stream, { custom: 2 }));
    const meta = await describeMetadata(client, stream);
    const bad = await appendResult(() => client.setStreamMetadata(stream, { custom: 3 }, { expectedRevision: 0n }));
    return { r, meta, bad, raw: await revisions(client, `$$${stream}`) };
  },

  'meta.maxcount.append': async (client) => {
    const stream = streamName('m3');
    await client.setStreamMetadata(stream, { maxCount: 2 });
    await appendEvents(client, stream, 5);
    const r = await appendResult(() => client.appendToStream(stream, sampleEvents(1), { expectedRevision: 4n }));
    const [revs, back] = [await revisions(client, stream), await backwards(client, stream)];
    return { r, revs, back, from: await revisions(client, stream, { fromRevision: 1n, maxCount: 1 }) };
  },

  'meta.truncate-before': async (client) => {
    const stream = streamName('m4');
    await appendEvents(client, stream, 5);
    await client.setStreamMetadata(stream, { truncateBefore: 3 });
    const [revs, back] = [await revisions(client, stream), await backwards(client, stream)];
    const next = await client.appendToStream(stream, sampleEvent(), { expectedRevision: 4n });
    return { revs, back, next: describeAppend(next) };
  },

  'meta.truncate-beyond': async (client) => {
    const stream = streamName('m8');
    await appendEvents(client, stream, 5);
    await client.setStreamMetadata(stream, { truncateBefore: 100 });
    const revs = await revisionsOrError(client, stream);
    const ns = await appendResult(() => client.appendToStream(stream, sampleEvent(), { expectedRevision: NO_STREAM }));
    const any = await appendResult(() => client.appendToStream(stream, sampleEvent()));
    return { revs, ns, any, after: await revisionsOrError(client, stream) };
  },

  'meta.stream.append-direct': async (client) => {
    const stream = streamName('m10');
    const event = jsonEvent({ type: '$metadata', data: { $maxCount: 1 } });
    const r = await appendResult(() => client.appendToStream(`$$${stream}`, event));
    await appendEvents(client, stream, 3);
    const { metadata } = await client.getStreamMetadata(stream);
    return { r, revs: await revisions(client, stream), meta: metadata };
  },
};
