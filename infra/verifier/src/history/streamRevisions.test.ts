import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { streamRevisions } from './streamRevisions.js';

it('tells the revision that each of many streams goes on with', () => {
  const taken = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 2 ** 40 })), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(taken, (events) => {
      const revisions = streamRevisions(2);
      const expected = new Map<number, number>();
      for (const [stream, revision] of events) {
        expect(revisions.take(`user-${stream}`, revision)).toBe(expected.get(stream));
        expected.set(stream, revision + 1);
      }
    }),
  );
});
