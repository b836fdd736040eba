import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { readMissed } from './readMissed.js';

const { signal: never } = new AbortController();

describe('readMissed', () => {
  it('F-03 waits for a log that is away', async () => {
    const found: RecordedEvent[] = [];
    let failures = 2;
    const missing = async () => {
      if (failures-- > 0) throw new LogUnavailable();
      return found;
    };
    expect(await readMissed({ missing }, 1n, never, 1)).toBe(found);
  });

  it('F-32 gives up when its signal aborts', async () => {
    const stop = new AbortController();
    const missing = async () => {
      stop.abort();
      throw new LogUnavailable();
    };
    expect(await readMissed({ missing }, 1n, stop.signal)).toBeUndefined();
  });

  it('reads once after the signal has aborted, for the last checkpoint', async () => {
    expect(await readMissed({ missing: async () => [] }, 1n, AbortSignal.abort())).toEqual([]);
  });

  it('throws what is no outage of the log', async () => {
    const missing = () => Promise.reject(new TypeError('a defect'));
    await expect(readMissed({ missing }, 1n, never)).rejects.toThrow('a defect');
  });
});
