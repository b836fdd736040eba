import { describe, expect, it } from '@jest/globals';
import { appendOf } from '../../../test/sampleEvents.js';
import type { AppendCondition } from './append.js';
import { decideAppend, type EventLocation, type StreamView } from './decideAppend.js';

/** A stream whose events have single letters as ids: `'ab'` is event `a` at revision 0 and `b` at revision 1. */
const stream = (letters: string, more: Partial<StreamView> = {}): StreamView => {
  const events = [...letters].map((id, index) => ({ id, revision: BigInt(index), position: BigInt(index) * 100n }));
  const location = ({ revision, position }: EventLocation): EventLocation => ({ revision, position });
  const last = events.at(-1);
  return {
    last: last && location(last),
    ...{ isTombstoned: false, isSoftDeleted: false, hasMetadata: false },
    locationsOf: (id) => events.filter((event) => event.id === id).map(location),
    ...more,
  };
};

const SOFT_DELETED = { isSoftDeleted: true, hasMetadata: true };

const decide = (view: StreamView, letters: string, expected: AppendCondition) => {
  const decision = decideAppend(appendOf('s', expected, ...letters), view);
  return decision.kind === 'repeat' ? `repeat at ${decision.location.revision}` : decision.kind;
};

describe('the expected revision', () => {
  it.each<[string, StreamView, Record<string, string>]>([
    ['a missing stream', stream(''), { any: 'write', no_stream: 'write', stream_exists: 'refuse', 2: 'refuse' }],
    [
      'three events',
      stream('xyz'),
      { any: 'write', no_stream: 'refuse', stream_exists: 'write', 2: 'write', 0: 'refuse', 7: 'refuse' },
    ],
    [
      'only metadata',
      stream('', { hasMetadata: true }),
      { any: 'write', no_stream: 'write', stream_exists: 'write', 0: 'refuse' },
    ],
    [
      'a soft-deleted stream of three events',
      stream('xyz', SOFT_DELETED),
      { any: 'write', no_stream: 'write', stream_exists: 'deleted', 2: 'write', 0: 'refuse', 7: 'refuse' },
    ],
    [
      'a tombstoned stream',
      stream('xyz', { isTombstoned: true }),
      { any: 'deleted', no_stream: 'deleted', stream_exists: 'deleted', 2: 'deleted', 0: 'deleted', 7: 'deleted' },
    ],
  ])('against %s is answered as EventStoreDB answers it', (_, view, answers) => {
    for (const [expected, answer] of Object.entries(answers))
      expect([expected, decide(view, 'ab', /\d/.test(expected) ? BigInt(expected) : (expected as 'any'))]).toEqual([
        expected,
        answer,
      ]);
  });
});

describe('an append that was written before', () => {
  it.each<[string, string, AppendCondition, string]>([
    ['a', 'a', 'no_stream', 'repeat at 0'],
    ['a', 'a', 'any', 'repeat at 0'],
    ['xa', 'a', 'stream_exists', 'repeat at 1'],
    ['axyz', 'a', 'any', 'repeat at 0'],
    ['xya', 'a', 1n, 'repeat at 2'],
    ['xya', 'a', 0n, 'refuse'],
    ['xya', 'a', 2n, 'write'],
    ['xya', 'a', 7n, 'refuse'],
    ['ab', 'a', 'no_stream', 'repeat at 0'],
    ['ab', 'b', 'any', 'repeat at 1'],
    ['ab', 'b', 0n, 'repeat at 1'],
    ['ab', 'b', 'no_stream', 'refuse'],
    ['ab', 'ba', 'any', 'repeat at 0'],
    ['ab', 'ba', 'no_stream', 'refuse'],
    ['a', 'ab', 'any', 'refuse'],
    ['a', 'ab', 'no_stream', 'refuse'],
    ['a', 'ba', 'any', 'write'],
    ['ab', 'bc', 'any', 'refuse'],
    ['axb', 'ab', 'any', 'repeat at 2'],
    ['axb', 'ab', 'no_stream', 'refuse'],
    ['aa', 'a', 'any', 'repeat at 0'],
    ['aa', 'aa', 'no_stream', 'repeat at 1'],
    ['abc', '', 'no_stream', 'refuse'],
    ['abc', '', 'any', 'write'],
  ])('F-02 stream %s, again %s expecting %s: %s', (written, again, expected, answer) => {
    expect(decide(stream(written), again, expected)).toBe(answer);
  });

  it.each<[string, string, string]>([
    ['xyz', 'x', 'repeat at 0'],
    ['xyz', 'xyz', 'repeat at 2'],
    ['xyz', 'xa', 'refuse'],
    ['xyz', 'ax', 'write'],
    ['xyz', 'y', 'write'],
    ['xyz', '', 'refuse'],
  ])('F-02 soft-deleted stream %s, again %s expecting no stream: %s', (written, again, answer) => {
    expect(decide(stream(written, SOFT_DELETED), again, 'no_stream')).toBe(answer);
  });
});
