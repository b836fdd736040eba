import { describe, expect, it } from '@jest/globals';
import { gathered } from './gathered.js';

async function* batchesOf<T>(...batches: T[][]): AsyncGenerator<T[]> {
  yield* batches;
}

const handedOut = async (source: AsyncIterable<number[]>, ms: number): Promise<number[][]> => {
  const found: number[][] = [];
  for await (const batch of gathered(source, { limit: 4, ms })) found.push(batch);
  return found;
};

describe('gathered', () => {
  it('joins batches until there are enough items, and hands out the rest at the end', async () => {
    expect(await handedOut(batchesOf([1], [2, 3], [4, 5], [6]), 60_000)).toEqual([[1, 2, 3, 4, 5], [6]]);
  });

  it('hands out what there is when the source is quiet, then the empty batch', async () => {
    expect(await handedOut(batchesOf([1], [2], [], [3], [], []), 60_000)).toEqual([[1, 2], [], [3], [], []]);
  });

  it('hands out what there is once the first item has waited long enough', async () => {
    expect(await handedOut(batchesOf([1], [2]), 0)).toEqual([[1], [2]]);
  });

  it('fails as the source does', async () => {
    async function* failing(): AsyncGenerator<number[]> {
      yield [1];
      throw new Error('lost');
    }
    await expect(handedOut(failing(), 60_000)).rejects.toThrow('lost');
  });
});
