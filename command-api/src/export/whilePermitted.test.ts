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
    // At the start, before each number, and once it was asked.
    const times = [0, 4_999, 5_000, 5_000, 9_999];
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => times.shift() ?? Number.NaN);
    expect(await all(whilePermitted(numbers(), confirm))).toEqual([1, 2, 3]);
    clock.mockRestore();
    expect([confirm.mock.calls.length, times]).toEqual([1, []]);
    expect(await all(whilePermitted(numbers(), confirm, 0))).toEqual([1, 2, 3]);
    expect(confirm).toHaveBeenCalledTimes(4);
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
