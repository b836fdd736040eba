import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { deleteAtWrongRevision, streamDeleted } from './streamErrors.js';

describe('the errors of a stream', () => {
  it('name a deleted stream in text and trailers', () => {
    const error = streamDeleted(Buffer.from('s'));
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION, details: "Event stream 's' is deleted." });
    expect(error.metadata.getMap()).toEqual({ exception: 'stream-deleted', 'stream-name': 's' });
  });

  it('encode names that trailers cannot contain', () => {
    const error = streamDeleted(Buffer.from('ü 1\n'));
    expect(error.metadata.get('stream-name')).toEqual(['%C3%BC%201%0A']);
    expect(error.details).toBe("Event stream 'ü 1\n' is deleted.");
  });

  it('contain expected and actual revision of a refused delete as numbers', () => {
    const refused = (...[expected, actual]: [Parameters<typeof deleteAtWrongRevision>[1], bigint?]) =>
      deleteAtWrongRevision(Buffer.from('s'), expected, actual);
    expect(refused('stream_exists')).toMatchObject({
      ...{ code: status.FAILED_PRECONDITION },
      details: 'Delete failed due to WrongExpectedVersion. Stream: s, Expected version: -4, Actual version: -1',
    });
    const numbers = (error: ReturnType<typeof refused>) =>
      ['expected-version', 'actual-version'].map((name) => error.metadata.get(name)[0]);
    expect([numbers(refused('any')), numbers(refused('no_stream', 2n)), numbers(refused(7n, 2n))]).toEqual([
      ['-2', '-1'],
      ['-1', '2'],
      ['7', '2'],
    ]);
  });
});
