import { describe, expect, it, jest } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { Refused } from '@ums/kit/refused';
import { atLast } from './atLast.js';

describe('atLast', () => {
  it.each([new LogUnavailable(), new DependencyUnavailable('vault'), new Refused('busy')])(
    'calls again after %s, which HTTP answers with 503',
    async (error) => {
      const call = jest.fn<() => Promise<string>>().mockRejectedValueOnce(error).mockResolvedValueOnce('answer');
      expect(await atLast(call, 0)).toBe('answer');
      expect(call).toHaveBeenCalledTimes(2);
    },
  );

  it('throws any other error at once', async () => {
    for (const error of [new Refused('conflict'), new Error('a fault')]) {
      const call = jest.fn<() => Promise<void>>().mockRejectedValue(error);
      await expect(atLast(call, 0)).rejects.toBe(error);
      expect(call).toHaveBeenCalledTimes(1);
    }
  });

  it('gives up after twenty attempts', async () => {
    const call = jest.fn<() => Promise<void>>().mockRejectedValue(new LogUnavailable());
    await expect(atLast(call, 0)).rejects.toThrow(LogUnavailable);
    expect(call).toHaveBeenCalledTimes(20);
  });
});
