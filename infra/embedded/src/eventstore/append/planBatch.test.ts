import { describe, expect, it } from '@jest/globals';
import { appendOf, proposedEvent } from '../../../test/sampleEvents.js';
import { SOFT_DELETED } from '../streamMetadata.js';
import type { Append, AppendCondition } from './append.js';
import { metadataEvent, tombstone } from './metadataEvent.js';
import { type Batch, planBatch } from './planBatch.js';
import { type AppendState, emptyFamily, familyOf, type StreamFamily } from './streamFamily.js';

const states = (appends: readonly Append[]) => {
  const known = new Map<string, StreamFamily>();
  return appends.map((append): AppendState => {
    const name = familyOf(append);
    const family = known.get(name.toString()) ?? emptyFamily(name);
    known.set(name.toString(), family);
    return { family, target: name === append.stream ? family.stream : family.metadata };
  });
};
const plan = (appends: Append[], head = 0n, now = 1) => planBatch(appends, states(appends), head, now);

const softDelete = (stream: string, expected: AppendCondition = 'any'): Append => ({
  ...{ stream: Buffer.from(stream), expected, deletes: 'softly', events: [metadataEvent('d', SOFT_DELETED)] },
});
const hardDelete = (stream: string, expected: AppendCondition = 'any'): Append => ({
  ...{ stream: Buffer.from(stream), expected, deletes: 'forever', events: [tombstone('t')] },
});
const setMetadata = (stream: string, data: string): Append => ({
  ...{ stream: Buffer.from(`$$${stream}`), expected: 'any', events: [metadataEvent('m', Buffer.from(data))] },
});
/** `stream@revision`, and the data of metadata. */
const written = ({ events }: Batch) =>
  events.map(({ stream, revision, type, data }) =>
    [`${stream}@${revision}`, ...(`${type}` === '$metadata' ? [`${data}`] : [])].join(' '),
  );

describe('a batch of appends', () => {
  it('decides each append as if the previous ones were written', () => {
    const { events, outcomes } = plan([
      appendOf('s', 'no_stream', 'a'),
      appendOf('s', 'no_stream', 'b'),
      appendOf('s', 0n, 'c', 'd'),
      appendOf('t', 'any', 'e'),
    ]);
    expect(outcomes).toMatchObject([
      { written: true, revision: 0n },
      { written: false, actual: 0n },
      { written: true, revision: 2n },
      { written: true, revision: 0n },
    ]);
    expect(events.map(({ id, revision }) => [id, revision])).toEqual([
      ['a', 0n],
      ['c', 1n],
      ['d', 2n],
      ['e', 0n],
    ]);
  });

  it('F-02 recognises a repeat within the same batch', () => {
    const again = appendOf('s', 'no_stream', 'a');
    const { events, outcomes } = plan([again, again, appendOf('s', 'any', 'a')]);
    expect(events).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome, (_, v) => `${v}`)))).toHaveProperty('size', 1);
  });

  it('leaves gaps between positions that grow with the data, like byte offsets', () => {
    const big = { ...appendOf('s', 'any'), events: [proposedEvent('a', 'x'.repeat(5000)), proposedEvent('b', '')] };
    const { events, outcomes } = plan([big], 1000n);
    expect(events.map(({ position }) => position)).toEqual([6100n, 6200n]);
    expect(outcomes).toEqual([{ written: true, revision: 1n, position: 6200n }]);
  });

  it('creates the events of one append one tick apart', () => {
    const { events } = plan([appendOf('s', 'any', 'a', 'b')], 0n, 1_700_000_000_000);
    expect(events.map(({ created }) => created)).toEqual([17_000_000_000_000_000n, 17_000_000_000_000_001n]);
  });

  it('answers an empty append with the last revision of the stream and the end of the log', () => {
    const { events, outcomes } = plan([appendOf('missing', 'any'), appendOf('s', 'any', 'a'), appendOf('s', 0n)]);
    expect(events).toHaveLength(1);
    expect(outcomes[0]).toEqual({ written: true, revision: undefined, position: 0n });
    expect(outcomes[2]).toEqual(outcomes[1]);
  });

  it('fails when the state of a stream is missing', () => {
    expect(() => planBatch([appendOf('s', 'any', 'a')], [], 0n, 1)).toThrow('the state of a stream is missing');
  });

  it('continues a soft-deleted stream after its old events, which stay hidden', () => {
    const batch = plan([appendOf('s', 'any', 'a', 'b'), softDelete('s', 1n), appendOf('s', 'no_stream', 'c', 'e')]);
    expect(written(batch)).toEqual([...['s@0', 's@1', `$$s@0 ${SOFT_DELETED}`], ...['s@2', 's@3', '$$s@1 {"$tb":2}']]);
    const [, , continued] = batch.outcomes;
    expect(continued).toEqual({ written: true, revision: 3n, position: batch.events[4]?.position });
  });

  it('shows a soft-deleted stream again, still empty, when an append is empty or sets its metadata', () => {
    const first = appendOf('s', 'any', 'a');
    expect(written(plan([first, softDelete('s'), appendOf('s', 'any')])).at(-1)).toBe('$$s@1 {"$tb":1}');
    expect(written(plan([first, softDelete('s'), setMetadata('s', '{"$maxCount":3}')])).slice(-2)).toEqual([
      '$$s@1 {"$maxCount":3}',
      '$$s@2 {"$maxCount":3,"$tb":1}',
    ]);
    expect(written(plan([first, softDelete('s'), setMetadata('s', 'nope')])).at(-1)).toBe('$$s@1 nope');
    expect(written(plan([first, softDelete('s'), appendOf('$$s', 'any')])).at(-1)).toBe('$$s@1 {"$tb":1}');
  });

  it('refuses to soft-delete a missing stream, but not one with metadata only', () => {
    const { outcomes } = plan([
      softDelete('s'),
      setMetadata('s', '{}'),
      softDelete('s', 'no_stream'),
      softDelete('s', 0n),
    ]);
    expect(outcomes).toMatchObject([
      { written: false, actual: undefined },
      { written: true },
      { written: true },
      { written: false, actual: undefined },
    ]);
  });

  it('writes nothing to a tombstoned stream and its metadata', () => {
    const batch = plan([
      ...[hardDelete('s', 'no_stream'), appendOf('s', 'any', 'a'), setMetadata('s', '{}'), softDelete('s')],
      ...[hardDelete('s'), appendOf('t', 'any', 'b')],
    ]);
    expect(written(batch)).toEqual(['s@9223372036854775807', 't@0']);
    expect(batch.outcomes.slice(1, 5)).toEqual(Array(4).fill('stream deleted'));
  });
});
