import { binaryEvent, type EventData, jsonEvent, type MetadataType, NO_STREAM } from '@eventstore/db-client';
import { appendResult, describeAppend, describeEvent, resultOrError } from './describeResult.js';
import { forEachAppendMethod, type GoldenCases, UNARY } from './goldenCases.js';
import { collect } from './readEvents.js';
import { sampleEvent, sampleEvents, streamName } from './sampleStreams.js';

const BYTES = Buffer.from([0, 1, 2, 255]);
const METADATA_BYTES = [9, 8];

const binary = (data: Buffer, metadata?: MetadataType) =>
  binaryEvent({ type: 'Bin', data, ...(metadata === undefined ? {} : { metadata }) });

const CONTENTS: Readonly<Record<string, EventData>> = {
  binary: binary(BYTES, Uint8Array.from(METADATA_BYTES)),
  'binary.buffer-meta': binary(BYTES, Buffer.from(METADATA_BYTES)),
  'binary.json-meta': binary(Buffer.from([1]), { k: 1 }),
  'binary.empty': binary(Buffer.alloc(0)),
  'json.unicode': sampleEvent(
    'M',
    { π: '漢字 😀', n: null, d: 1.5e300 },
    { metadata: { $correlationId: 'x', k: [1] } },
  ),
  'json.string': sampleEvent('E', 'text'),
  'json.number': sampleEvent('E', 12),
  'json.array': sampleEvent('E', [1, 2]),
  'json.null': sampleEvent('E', null),
  'json.empty-meta': sampleEvent('E', { a: 1 }, { metadata: {} }),
  'type.unicode': sampleEvent('Тип 😀 / with:stuff@x'),
  'type.1k': sampleEvent('t'.repeat(1000)),
  'type.system': sampleEvent('$thing'),
};

const namesFor = (method: string): Readonly<Record<string, string>> => ({
  odd: streamName(`ödd name/with:stuff@x 😀 ${method}`),
  spaces: `  ${streamName(`sp ${method}`)}  `,
  '1k': streamName('x'.repeat(1000) + method),
  '5k': streamName('x'.repeat(5000) + method),
  newline: streamName(`a\nb${method}`),
  case: streamName(`CASE${method}`),
  system: `$${streamName(`sys${method}`)}`,
});

const bytes = (size: number, type = 'B') => binaryEvent({ type, data: Buffer.alloc(size, 7) });
const times = (count: number, size: number) => Array.from({ length: count }, () => bytes(size));

/** The limit of an append is 1 MiB. */
const SIZES: Readonly<Record<string, () => EventData | EventData[]>> = {
  'data.1048575': () => bytes(1_048_575),
  'data.1048576': () => bytes(1_048_576),
  'data.1048576.long-type': () => bytes(1_048_576, 'B'.repeat(500)),
  'sum.10x100k': () => times(10, 100_000),
  'sum.11x100k': () => times(11, 100_000),
  'sum.45x100k': () => times(45, 100_000),
  'many.3000': () => sampleEvents(3000),
  'one.5M': () => bytes(5_000_000),
};

/** Data, metadata, types, names and sizes: what is accepted, and that it is read as it was written. */
export const contentCases: GoldenCases = {
  ...forEachAppendMethod((method, options) => {
    const cases: Record<string, GoldenCases[string]> = {};
    for (const [size, events] of Object.entries(SIZES))
      cases[`size.${size}/${method}`] = async (client) => {
        const stream = streamName(`b-${size}-${method}`);
        return {
          r: await appendResult(() => client.appendToStream(stream, events(), options)),
          n: await resultOrError(async () => (await collect(client.readStream(stream))).length),
          next: await appendResult(() => client.appendToStream(`${stream}-next`, sampleEvent(), options)),
        };
      };

    for (const [content, event] of Object.entries(CONTENTS))
      cases[`content.${content}/${method}`] = async (client) => {
        const stream = streamName(`c-${content}-${method}`);
        await client.appendToStream(stream, event, options);
        return (await collect(client.readStream(stream))).map(describeEvent);
      };

    for (const [label, stream] of Object.entries(namesFor(method)))
      cases[`names.${label}/${method}`] = async (client) => {
        await client.appendToStream(stream, sampleEvent(), options);
        const [found] = await collect(client.readStream(stream));
        const conflict = await appendResult(() =>
          client.appendToStream(stream, sampleEvent(), { expectedRevision: NO_STREAM, ...options }),
        );
        return {
          same: found?.event.streamId === stream,
          rev: found?.event.revision,
          dup: { ...conflict, stream: 'stream' in conflict && conflict.stream === stream },
        };
      };

    cases[`names.all/${method}`] = async (client) =>
      (await client.appendToStream('$all', sampleEvent(), options)).success;
    return cases;
  }),
  'content.empty-type/unary': async (client) =>
    describeAppend(await client.appendToStream(streamName('c-et-u'), jsonEvent({ type: '', data: {} }), UNARY)),
  'id.invalid/unary': async (client) => {
    const event = sampleEvent('T', {}, { id: '00000000-0000-0000-0000-000000000000' });
    return describeAppend(await client.appendToStream(streamName('id1'), event, UNARY));
  },
};
