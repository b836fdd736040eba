import { expect, it } from '@jest/globals';
import { familyHeads } from './familyHeads.js';

it('evicts the least recently written stream beyond its capacity', () => {
  const heads = familyHeads(2);
  const at = (revision: bigint) => ({
    ...{ last: { revision, position: 100n }, metadata: undefined, softDelete: undefined },
  });
  heads.set('a', at(0n));
  heads.set('b', at(0n));
  heads.set('a', at(1n));
  heads.set('c', at(0n));
  expect([heads.get('a')?.last?.revision, heads.get('b'), heads.get('c')?.last?.revision]).toEqual([1n, undefined, 0n]);
});
