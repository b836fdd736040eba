import { describe, expect, it, jest } from '@jest/globals';
import { withoutArguments } from './withoutArguments.js';

describe('withoutArguments', () => {
  it('runs the command', async () => {
    expect(await withoutArguments('forget', [], async () => 'done')).toBe('done');
  });

  it.each([['--help'], ['now'], ['']])('shows the usage for %j, and does nothing', async (argument) => {
    const work = jest.fn<() => Promise<string>>();
    await expect(withoutArguments('forget', [argument], work)).rejects.toThrow('Usage: npm run -s forget');
    expect(work).not.toHaveBeenCalled();
  });
});
