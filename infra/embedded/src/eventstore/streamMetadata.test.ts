import { describe, expect, it } from '@jest/globals';
import {
  firstShown,
  isSoftDeleted,
  NO_LIMITS,
  parseStreamMetadata,
  SOFT_DELETED,
  withTruncateBefore,
} from './streamMetadata.js';

const parse = (text: string) => parseStreamMetadata(Buffer.from(text));
const truncated = (text: string) => withTruncateBefore(Buffer.from(text), 3n)?.toString();

describe('stream metadata', () => {
  it('has a count, an age in ticks and a first revision', () => {
    expect(parse('{"$maxCount":2,"$maxAge":100,"$tb":5,"custom":"x"}')).toEqual({
      ...{ maxCount: 2n, maxAge: 1_000_000_000n, truncateBefore: 5n },
    });
    expect(parse('{"custom":1}')).toEqual(NO_LIMITS);
  });

  it.each([
    '',
    '{nope',
    '[]',
    'null',
    '7',
    '{"$maxCount":0,"$tb":3}',
    '{"$maxAge":-1}',
    '{"$maxAge":"1"}',
    '{"$tb":-1}',
    '{"$tb":1.5}',
    '{"$maxCount":null}',
  ])('has no effect when it is %s', (text) => {
    expect(parse(text)).toEqual(NO_LIMITS);
  });

  it('of a soft-deleted stream hides all revisions', () => {
    expect(SOFT_DELETED.toString()).toBe('{"$tb":9223372036854775807}');
    expect(isSoftDeleted(parseStreamMetadata(SOFT_DELETED))).toBe(true);
    expect(isSoftDeleted(parse('{"$tb":100}'))).toBe(false);
    expect(isSoftDeleted(NO_LIMITS)).toBe(false);
  });

  it('shows the events that both count and first revision allow', () => {
    const shown = (text: string) => firstShown(parse(text), 9n);
    expect([shown('{}'), shown('{"$maxCount":2}'), shown('{"$maxCount":200}')]).toEqual([0n, 8n, 0n]);
    expect([shown('{"$tb":3}'), shown('{"$tb":100}')]).toEqual([3n, 100n]);
    expect([shown('{"$maxCount":2,"$tb":3}'), shown('{"$maxCount":2,"$tb":9}')]).toEqual([8n, 9n]);
  });

  it('keeps its other keys when the first revision changes', () => {
    expect(truncated('{"a":{"b":[1]},"$tb":9223372036854775807,"$maxCount":4}')).toBe(
      '{"a":{"b":[1]},"$tb":3,"$maxCount":4}',
    );
    expect(truncated('{"custom":1}')).toBe('{"custom":1,"$tb":3}');
    expect([truncated('nope'), truncated('[1]')]).toEqual([undefined, undefined]);
  });
});
