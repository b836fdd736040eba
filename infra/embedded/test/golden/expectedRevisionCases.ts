import { ANY, EventStoreDBClient } from '@eventstore/db-client';
import { appendResult, describeAppend } from './describeResult.js';
import { forEachAppendMethod, type GoldenCases } from './goldenCases.js';
import { revisions, revisionsOrError } from './readEvents.js';
import { sampleEvents, streamName } from './sampleStreams.js';
import { EXPECTED, STATES } from './streamStates.js';

/** Appends to a stream in each state, with each expected revision. */
export const expectedRevisionCases: GoldenCases = forEachAppendMethod((method, options) => {
  const cases: Record<string, GoldenCases[string]> = {};
  const append = (prefix: string, streamPrefix: string, state: string, expected: string, count: number) => {
    cases[`${prefix}.${state}.${expected}/${method}`] = async (client) => {
      const stream = streamName(`${streamPrefix}-${state}-${expected}-${method}`);
      await STATES[state]?.(client, stream);
      const expectedRevision = EXPECTED[expected] ?? ANY;
      const r = await appendResult(() =>
        client.appendToStream(stream, sampleEvents(count), { expectedRevision, ...options }),
      );
      return { r, revs: await revisionsOrError(client, stream) };
    };
  };
  for (const state of Object.keys(STATES))
    for (const expected of Object.keys(EXPECTED)) append('append', 'a', state, expected, 2);
  for (const state of ['missing', 'three', 'deleted'])
    for (const expected of ['any', 'no_stream', '2', '7']) append('append.empty', 'e', state, expected, 0);

  for (const expected of ['7', 'stream_exists'])
    cases[`append.nothrow.missing.${expected}/${method}`] = async (_client, url) => {
      const stream = streamName(`n-missing-${expected}-${method}`);
      const expectedRevision = EXPECTED[expected] ?? ANY;
      const client = EventStoreDBClient.connectionString(`${url}&throwOnAppendFailure=false`);
      try {
        return describeAppend(await client.appendToStream(stream, sampleEvents(1), { expectedRevision, ...options }));
      } finally {
        await client.dispose();
      }
    };

  cases[`atomic.conflict-writes-nothing/${method}`] = async (client) => {
    const stream = streamName(`at-${method}`);
    await client.appendToStream(stream, sampleEvents(2), options);
    const r = await appendResult(() =>
      client.appendToStream(stream, sampleEvents(5), { expectedRevision: 0n, ...options }),
    );
    return { r, revs: await revisions(client, stream) };
  };
  return cases;
});
