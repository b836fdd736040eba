import { describe, expect, it, jest } from '@jest/globals';
import { whilePermitted } from './whilePermitted.js';

const numbers = async function* () {
  for (let made = 1; made <= 3; made += 1) yield made;
};
const all = async <T>(chunks: AsyncIterable<T>): Promise<T[]> => {
  const read: T[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return read;
};

describe('whilePermitted', () => {
  it('passes everything on and asks only after the time has passed', async () => {
    const confirm = jest.fn(async () => undefined);
    expect(await all(whilePermitted(numbers(), confirm))).toEqual([1, 2, 3]);
    expect(confirm).not.toHaveBeenCalled();
    expect(await all(whilePermitted(numbers(), confirm, 0))).toEqual([1, 2, 3]);
    expect(confirm).toHaveBeenCalledTimes(3);
  });

  it('T-08 fails once it is not permitted any more', async () => {
    const read: number[] = [];
    const confirm = async () => {
      if (read.length === 2) throw new Error('revoked');
    };
    const reading = async () => {
      for await (const chunk of whilePermitted(numbers(), confirm, 0)) read.push(chunk);
    };
    await expect(reading()).rejects.toThrow('revoked');
    expect(read).toEqual([1, 2]);
  });
});
