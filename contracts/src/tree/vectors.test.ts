import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { memoryTree } from '../../test/memoryTree.js';
import { consistencyProof, inclusionProof, rootAt } from './proofs.js';

/** The leaves and hashes that the tests of Certificate Transparency publish (merkle_tree_test.cc, transparency-dev/merkle). */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const tree = memoryTree();
tree.append(
  INPUTS.map((hex) =>
    createHash('sha256')
      .update(Buffer.from(`00${hex}`, 'hex'))
      .digest(),
  ),
);
const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));

it('has the published roots of each size', async () => {
  const sizes = ROOTS.map((_, index) => index + 1);
  expect(hex(await Promise.all(sizes.map((size) => rootAt(tree.read, size))))).toEqual(ROOTS);
});

it('has the published proofs', async () => {
  expect(hex(await inclusionProof(tree.read, 0, 8))).toEqual([
    '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  ]);
  expect(hex(await inclusionProof(tree.read, 2, 3))).toEqual([ROOTS[1]]);
  expect(hex(await consistencyProof(tree.read, 1, 8))).toEqual([
    '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  ]);
  expect(hex(await consistencyProof(tree.read, 2, 5))).toEqual([
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  ]);
});
