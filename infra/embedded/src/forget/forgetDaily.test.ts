import { describe, expect, it, jest } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { forgetDaily } from './forgetDaily.js';

describe('forgetDaily', () => {
  it('G-03 repeats, also after a failure, which it logs', async () => {
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

  it('stops at once between calls, and otherwise after the running call', async () => {
    const never = jest.fn(async () => undefined);
    await forgetDaily({ forget: never, log: silentLog })();
    expect(never).not.toHaveBeenCalled();

    const steps: string[] = [];
    let finish: () => void = () => undefined;
    let start: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      start = resolve;
    });
    const forget = () => {
      start();
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    };
    const stop = forgetDaily({ forget, log: silentLog, firstAfterMs: 1 });
    await started;
    const stopped = stop().then(() => steps.push('stopped'));
    steps.push('forgotten');
    finish();
    await stopped;
    expect(steps).toEqual(['forgotten', 'stopped']);
  });
});
