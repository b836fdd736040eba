import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { proofVectors } from '../../test/proofVectors.js';
import { canonicalJson } from './canonicalJson.js';
import { isProvable, leafHash, provedEvent, type StoredEvent } from './leaf.js';

const stored = (change: Partial<StoredEvent> = {}): StoredEvent => ({
  ...{ id: '0199c0de-0000-4000-8000-000000000102', stream: 'example', revision: 1n, type: 'Example' },
  ...{ data: {}, metadata: {}, ...change },
});

describe('leafHash', () => {
  it.each(proofVectors().leaves)('G-07 of $about is that of its published vector', ({ event, canonical, hash }) => {
    expect(canonicalJson(provedEvent(event))).toBe(canonical);
    expect(leafHash(event).toString('hex')).toBe(hash);
    expect(createHash('sha256').update(`\0${canonical}`).digest('hex')).toBe(hash);
  });

  it('is the same for an event of the log and its proved form, and leaves other members out', () => {
    const event = { ...stored({ data: Buffer.from('dead', 'hex'), metadata: undefined }), position: 7n };
    expect(provedEvent(event)).toEqual({
      ...{ id: event.id, stream: 'example', revision: 1, type: 'Example', data: '3q0=', metadata: '' },
      base64: ['data', 'metadata'],
    });
    expect(leafHash(provedEvent(event))).toEqual(leafHash(event));
    expect(leafHash({ ...event, position: 8n } as StoredEvent)).toEqual(leafHash(event));
  });

  it('differs for every field, and for bytes and JSON that look alike', () => {
    const events = [
      stored(),
      stored({ id: '0199c0de-0000-4000-8000-000000000103' }),
      stored({ stream: 'other' }),
      stored({ revision: 2n }),
      stored({ type: 'Other' }),
      stored({ data: { a: 1 } }),
      stored({ metadata: { a: 1 } }),
      stored({ data: '3q0=' }),
      stored({ data: Buffer.from('dead', 'hex') }),
      stored({ data: { base64: '3q0=' } }),
      stored({ metadata: '' }),
      stored({ metadata: null }),
      stored({ metadata: undefined }),
    ];
    expect(new Set(events.map((event) => leafHash(event).toString('hex'))).size).toBe(events.length);
  });

  it('refuses a revision that a JSON number cannot hold', () => {
    expect(() => leafHash(stored({ revision: 2n ** 53n }))).toThrow(RangeError);
  });
});

describe('isProvable', () => {
  it.each([
    ['user-0199c0de-0000-4000-8000-000000000102', 'UserRegistered', true],
    ['log-identity', 'LogIdentity', true],
    ['$$user-0199c0de-0000-4000-8000-000000000102', '$metadata', false],
    ['$settings', 'Settings', false],
    ['user-0199c0de-0000-4000-8000-000000000102', '$>', false],
  ])('of stream %s and type %s is known by the first characters', (stream, type, expected) => {
    expect(isProvable({ stream, type })).toBe(expected);
  });
});
