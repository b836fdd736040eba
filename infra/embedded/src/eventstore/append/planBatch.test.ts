import { describe, expect, it } from '@jest/globals';
import { appendOf, proposedEvent } from '../../../test/sampleEvents.js';
import type { Append } from './append.js';
import { planBatch, type StreamState } from './planBatch.js';

const states = (appends: readonly Append[]) => {
  const known = new Map<string, StreamState>();
  return appends.map(({ stream }) => {
    const name = stream.toString();
    const state = known.get(name) ?? { streamKey: stream, last: undefined, hasMetadata: false, places: new Map() };
    known.set(name, state);
    return state;
  });
};
const plan = (appends: Append[], head = 0n, now = 1) => planBatch(appends, states(appends), head, now);

describe('a batch of appends', () => {
  it('decides each append with all before it written', () => {
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

  it('F-02 meets a repeat within the same batch', () => {
    const again = appendOf('s', 'no_stream', 'a');
    const { events, outcomes } = plan([again, again, appendOf('s', 'any', 'a')]);
    expect(events).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome, (_, v) => `${v}`)))).toHaveProperty('size', 1);
  });

  it('leaves gaps between positions, as byte offsets do, that grow with the data', () => {
    const big = { ...appendOf('s', 'any'), events: [proposedEvent('a', 'x'.repeat(5000)), proposedEvent('b', '')] };
    const { events, outcomes } = plan([big], 1000n);
    expect(events.map(({ position }) => position)).toEqual([6100n, 6200n]);
    expect(outcomes).toEqual([{ written: true, revision: 1n, position: 6200n }]);
  });

  it('gives the events of one append times some ticks apart', () => {
    const { events } = plan([appendOf('s', 'any', 'a', 'b')], 0n, 1_700_000_000_000);
    expect(events.map(({ created }) => created)).toEqual([17_000_000_000_000_000n, 17_000_000_000_000_001n]);
  });

  it('answers an empty append with where the stream and the log stand', () => {
    const { events, outcomes } = plan([appendOf('missing', 'any'), appendOf('s', 'any', 'a'), appendOf('s', 0n)]);
    expect(events).toHaveLength(1);
    expect(outcomes[0]).toEqual({ written: true, revision: undefined, position: 0n });
    expect(outcomes[2]).toEqual(outcomes[1]);
  });

  it('refuses to decide without the state of a stream', () => {
    expect(() => planBatch([appendOf('s', 'any', 'a')], [], 0n, 1)).toThrow('without the state');
  });
});
