import { describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { StartRefused } from '@ums/kit/startRefused';
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
    const cause = new Error('timeout expired');
    const unreachable = new StartRefused('The database users cannot be reached (no answer).', { cause });
    const { start, starts } = failing(new LogUnavailable(), new DependencyUnavailable('vault'), unreachable);
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    expect(await startPatiently(log, start)).toBe('started');
    expect(starts()).toBe(4);
    expect(warnings).toEqual(Array(3).fill('start is repeated, because an engine did not answer'));
  });

  it('gives up after a time', async () => {
    const { start, starts } = failing(new LogUnavailable(), new LogUnavailable());
    await expect(startPatiently(silentLog, start, -1)).rejects.toThrow(LogUnavailable);
    expect(starts()).toBe(1);
  });

  it.each([
    new Error('a defect'),
    new StartRefused('The database users rejects the login (28P01).', {
      cause: Object.assign(new Error(), { code: '28P01' }),
    }),
  ])('does not repeat what stays as it is: %s', async (error) => {
    const { start, starts } = failing(error);
    await expect(startPatiently(silentLog, start)).rejects.toThrow(error);
    expect(starts()).toBe(1);
  });
});
