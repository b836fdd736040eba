import { describe, expect, it, jest } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { forgetDaily } from './forgetDaily.js';

describe('forgetDaily', () => {
  it('G-03 forgets again and again, also after a failure, which it logs', async () => {
    const warn = jest.fn();
    let runs = 0;
    let stop: () => Promise<void> = async () => undefined;
    await new Promise<void>((resolve) => {
      const forget = async () => {
        if (++runs === 1) throw new Error('locked');
        if (runs === 3) resolve();
      };
      stop = forgetDaily({ forget, log: { ...silentLog, warn }, firstAfterMs: 1, everyMs: 1 });
    });
    await stop();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(runs).toBe(3);
  });

  it('stops at once while it waits, and after the one under way', async () => {
    const never = jest.fn(async () => undefined);
    await forgetDaily({ forget: never, log: silentLog })();
    expect(never).not.toHaveBeenCalled();

    const steps: string[] = [];
    let finish: () => void = () => undefined;
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const forget = () => {
      begin();
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    };
    const stop = forgetDaily({ forget, log: silentLog, firstAfterMs: 1 });
    await begun;
    const stopped = stop().then(() => steps.push('stopped'));
    steps.push('forgotten');
    finish();
    await stopped;
    expect(steps).toEqual(['forgotten', 'stopped']);
  });
});
