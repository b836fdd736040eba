import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { traceFinder } from './traceFinder.js';

const TEXT = 'persephone@example.org';
const KEY = randomBytes(32);
const find = traceFinder({ text: TEXT, key: KEY, other: 'nobody writes this' });
const between = (bytes: Buffer | string, before = 7) =>
  Buffer.concat([randomBytes(before), Buffer.from(bytes as string), randomBytes(5)]);

describe('traceFinder', () => {
  it.each<[string, Buffer | string]>([
    ['plain', TEXT],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ email: TEXT }))],
    ['as UTF-16', Buffer.from(TEXT, 'utf16le')],
    ['in hex', Buffer.from(TEXT).toString('hex')],
    ['in capital hex', Buffer.from(TEXT).toString('hex').toUpperCase()],
    ...[0, 1, 2].map((offset): [string, string] => [
      `in base64 at offset ${offset}`,
      Buffer.from('?'.repeat(offset) + TEXT).toString('base64'),
    ]),
  ])('finds a text %s, wherever it begins', (_name, bytes) => {
    for (const before of [0, 1, 6]) expect([...find(between(bytes, before))]).toEqual(['text']);
  });

  it.each<[string, Buffer | string]>([
    ['plain', KEY],
    ['in hex', KEY.toString('hex')],
    ['in base64', KEY.toString('base64')],
    ['in base64url', KEY.toString('base64url')],
  ])('finds bytes %s', (_name, bytes) => {
    expect([...find(between(bytes))]).toEqual(['key']);
  });

  it('finds all of several, and nothing in parts of them and in empty files', () => {
    expect([...find(Buffer.concat([between(KEY), between(TEXT)]))].sort()).toEqual(['key', 'text']);
    for (const bytes of ['', 'p', TEXT.slice(0, -1), TEXT.slice(1), KEY.subarray(1)])
      expect([...find(Buffer.from(bytes as string))]).toEqual([]);
  });
});
