import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogUnavailable } from './eventLog.js';
import { stallWatchdog } from './stallWatchdog.js';

const EVERY_MS = 5_000;

describe('stallWatchdog', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** A reader after a position of a log whose head is `head()`. */
  const watched = (after: bigint | undefined, head: () => Promise<bigint | undefined>) => {
    const onStall = jest.fn();
    const watchdog = stallWatchdog({ after, head, everyMs: EVERY_MS, onStall });
    const checks = (times: number) => jest.advanceTimersByTimeAsync(times * EVERY_MS);
    return { watchdog, onStall, checks };
  };

  it('F-13 reports a reader that waits while the head is ahead', async () => {
    const { watchdog, onStall, checks } = watched(10n, async () => 20n);
    watchdog.waiting();
    await checks(1);
    expect(onStall).not.toHaveBeenCalled();
    await checks(1);
    expect(onStall).toHaveBeenCalledTimes(1);
    watchdog.stop();
    await checks(3);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('F-13 reports a reader that has received no event yet', async () => {
    const { watchdog, onStall, checks } = watched(undefined, async () => 0n);
    watchdog.waiting();
    await checks(2);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('reports nothing while the log is idle or empty', async () => {
    for (const head of [10n, undefined]) {
      const { watchdog, onStall, checks } = watched(10n, async () => head);
      watchdog.waiting();
      await checks(10);
      expect(onStall).not.toHaveBeenCalled();
      watchdog.stop();
    }
  });

  it('reports nothing while the reader is busy or receives events', async () => {
    const { watchdog, onStall, checks } = watched(10n, async () => 1_000n);
    await checks(5);
    for (let position = 11n; position < 20n; position++) {
      watchdog.waiting();
      await checks(1);
      watchdog.delivered(position);
    }
    await checks(5);
    expect(onStall).not.toHaveBeenCalled();
  });

  it('concludes nothing from an unreadable log, and runs one check at a time', async () => {
    let answer: (head: bigint) => void = () => undefined;
    const slow = new Promise<bigint>((resolve) => {
      answer = resolve;
    });
    const head = jest
      .fn<() => Promise<bigint>>()
      .mockRejectedValueOnce(new LogUnavailable())
      .mockReturnValueOnce(slow)
      .mockResolvedValue(20n);
    const { watchdog, onStall, checks } = watched(10n, head);
    watchdog.waiting();
    await checks(4);
    expect(head).toHaveBeenCalledTimes(2);
    answer(20n);
    await checks(1);
    expect(onStall).toHaveBeenCalledTimes(1);
  });
});
