import { BACKWARDS, END, type ReadStreamOptions, START } from '@eventstore/db-client';
import { describeEvent } from './describeResult.js';
import type { GoldenCases } from './goldenCases.js';
import { collect, revisions, revisionsOrError } from './readEvents.js';
import { appendEvents, sampleEvent, streamName } from './sampleStreams.js';

/** Reads of a stream of ten events. */
const READS: Readonly<Record<string, ReadStreamOptions>> = {
  'forward.default': {},
  'forward.start': { fromRevision: START },
  'forward.from': { fromRevision: 4n, maxCount: 3 },
  'forward.last': { fromRevision: 9n },
  'forward.next': { fromRevision: 10n },
  'forward.beyond': { fromRevision: 40n },
  'forward.huge': { fromRevision: 0xffffffffffffffffn },
  'backward.end': { direction: BACKWARDS, fromRevision: END, maxCount: 4 },
  'backward.from': { direction: BACKWARDS, fromRevision: 2n },
  'backward.start': { direction: BACKWARDS, fromRevision: START },
  'backward.beyond': { direction: BACKWARDS, fromRevision: 40n, maxCount: 2 },
  'backward.default': { direction: BACKWARDS },
  'maxcount.0': { maxCount: 0 },
  'maxcount.1': { maxCount: 1 },
  'maxcount.over': { maxCount: 1000 },
};

const readCases: GoldenCases = Object.fromEntries(
  Object.entries(READS).map(([name, options]) => [
    `read.${name}`,
    async (client) => {
      const stream = streamName('rd');
      const found = await revisionsOrError(client, stream);
      if (!Array.isArray(found)) await appendEvents(client, stream, 10);
      return revisions(client, stream, options);
    },
  ]),
);

export const readStreamCases: GoldenCases = {
  'read.missing.backwards': async (client) =>
    collect(client.readStream(streamName('nope'), { direction: BACKWARDS, fromRevision: END })),
  ...readCases,

  'read.1000': async (client) => {
    const stream = streamName('rd1000');
    await appendEvents(client, stream, 1000);
    const forwards = await revisions(client, stream);
    const backwards = await revisions(client, stream, { direction: BACKWARDS, fromRevision: END });
    return {
      n: forwards.length,
      ordered: forwards.every((revision, index) => revision === BigInt(index)),
      back: backwards.every((revision, index) => revision === BigInt(999 - index)),
    };
  },

  'read.all-as-stream': async (client) => (await collect(client.readStream('$all', { maxCount: 1 }))).length,

  'read.event.shape': async (client) => {
    const stream = streamName('shape');
    await client.appendToStream(stream, sampleEvent('Shape', { v: 1 }, { metadata: { m: 1 } }));
    const [found] = await collect(client.readStream(stream));
    if (!found) return undefined;
    return {
      keys: Object.keys(found).sort(),
      eventKeys: Object.keys(found.event).sort(),
      ...describeEvent(found),
      createdNear: Math.abs(Date.now() - found.event.created.getTime()) < 60_000,
      idType: typeof found.event.id,
    };
  },

  'read.own-write': async (client) => {
    let complete = 0;
    for (let index = 0; index < 50; index += 1) {
      await appendEvents(client, streamName(`own${index}`), 2);
      if ((await revisions(client, streamName(`own${index}`))).length === 2) complete += 1;
    }
    return complete;
  },

  'read.cancel-iteration': async (client) => {
    await appendEvents(client, streamName('cx'), 50);
    return (await collect(client.readStream(streamName('cx')), 5)).length;
  },
};
