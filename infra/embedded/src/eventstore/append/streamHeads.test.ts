import { expect, it } from '@jest/globals';
import { streamHeads } from './streamHeads.js';

it('evicts the least recently written stream beyond its capacity', () => {
  const heads = streamHeads(2);
  const location = { revision: 0n, position: 100n };
  heads.set('a', location);
  heads.set('b', location);
  heads.set('a', { revision: 1n, position: 200n });
  heads.set('c', location);
  expect([heads.get('a')?.revision, heads.get('b'), heads.get('c')?.revision]).toEqual([1n, undefined, 0n]);
});
