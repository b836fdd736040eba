import { describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { startPatiently } from './startPatiently.js';

/** A start that fails with these errors, one after the other, and then succeeds. */
const failing = (...errors: Error[]) => {
  let starts = 0;
  return {
    start: async () => {
      const error = errors[starts++];
      if (error !== undefined) throw error;
      return 'started';
    },
    starts: () => starts,
  };
};

describe('startPatiently', () => {
  it('starts again while an engine does not answer', async () => {
    const { start, starts } = failing(new LogUnavailable(), new DependencyUnavailable('vault'));
    expect(await startPatiently(start)).toBe('started');
    expect(starts()).toBe(3);
  });

  it('gives up after a time', async () => {
    const { start, starts } = failing(new LogUnavailable(), new LogUnavailable());
    await expect(startPatiently(start, -1)).rejects.toThrow(LogUnavailable);
    expect(starts()).toBe(1);
  });

  it('does not repeat what is no outage', async () => {
    const { start, starts } = failing(new Error('a defect'));
    await expect(startPatiently(start)).rejects.toThrow('a defect');
    expect(starts()).toBe(1);
  });
});
