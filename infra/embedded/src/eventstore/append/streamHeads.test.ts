import { expect, it } from '@jest/globals';
import { streamHeads } from './streamHeads.js';

it('forgets the stream written longest ago beyond its capacity', () => {
  const heads = streamHeads(2);
  const place = { revision: 0n, position: 100n };
  heads.set('a', place);
  heads.set('b', place);
  heads.set('a', { revision: 1n, position: 200n });
  heads.set('c', place);
  expect([heads.get('a')?.revision, heads.get('b'), heads.get('c')?.revision]).toEqual([1n, undefined, 0n]);
});
