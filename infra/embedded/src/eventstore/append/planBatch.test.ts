import { describe, expect, it } from '@jest/globals';
import { appendOf, proposedEvent } from '../../../test/sampleEvents.js';
import type { Append } from './append.js';
import { planBatch, type StreamState } from './planBatch.js';

const states = (appends: readonly Append[]) => {
  const known = new Map<string, StreamState>();
  return appends.map(({ stream }) => {
    const name = stream.toString();
    const state = known.get(name) ?? { streamKey: stream, last: undefined, hasMetadata: false, locations: new Map() };
    known.set(name, state);
    return state;
  });
};
const plan = (appends: Append[], head = 0n, now = 1) => planBatch(appends, states(appends), head, now);

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
});
