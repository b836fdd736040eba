import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogUnavailable } from './eventLog.js';
import { stallWatchdog } from './stallWatchdog.js';

const EVERY_MS = 5_000;

describe('the stall watchdog', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** A reader at a position of a log whose head is what `head` says. */
  const watched = (after: bigint | undefined, head: () => Promise<bigint | undefined>) => {
    const onStall = jest.fn();
    const watchdog = stallWatchdog({ after, head, everyMs: EVERY_MS, onStall });
    const looks = (times: number) => jest.advanceTimersByTimeAsync(times * EVERY_MS);
    return { watchdog, onStall, looks };
  };

  it('F-13 barks when the reader waits while the head is beyond it', async () => {
    const { watchdog, onStall, looks } = watched(10n, async () => 20n);
    watchdog.waiting();
    await looks(1);
    expect(onStall).not.toHaveBeenCalled();
    await looks(1);
    expect(onStall).toHaveBeenCalledTimes(1);
    watchdog.stop();
    await looks(3);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('F-13 barks for a reader at the very beginning too', async () => {
    const { watchdog, onStall, looks } = watched(undefined, async () => 0n);
    watchdog.waiting();
    await looks(2);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('leaves a log alone where nothing happens, or nothing ever did', async () => {
    for (const head of [10n, undefined]) {
      const { watchdog, onStall, looks } = watched(10n, async () => head);
      watchdog.waiting();
      await looks(10);
      expect(onStall).not.toHaveBeenCalled();
      watchdog.stop();
    }
  });

  it('leaves a reader alone that is busy, or gets events in between', async () => {
    const { watchdog, onStall, looks } = watched(10n, async () => 1_000n);
    await looks(5);
    for (let position = 11n; position < 20n; position++) {
      watchdog.waiting();
      await looks(1);
      watchdog.given(position);
    }
    await looks(5);
    expect(onStall).not.toHaveBeenCalled();
  });

  it('draws no conclusion from a log that cannot be read, and looks once at a time', async () => {
    let answer: (head: bigint) => void = () => undefined;
    const slow = new Promise<bigint>((resolve) => {
      answer = resolve;
    });
    const head = jest
      .fn<() => Promise<bigint>>()
      .mockRejectedValueOnce(new LogUnavailable())
      .mockReturnValueOnce(slow)
      .mockResolvedValue(20n);
    const { watchdog, onStall, looks } = watched(10n, head);
    watchdog.waiting();
    await looks(4);
    expect(head).toHaveBeenCalledTimes(2);
    answer(20n);
    await looks(1);
    expect(onStall).toHaveBeenCalledTimes(1);
  });
});
