import { describe, expect, it } from '@jest/globals';
import { interruptible } from './interruptible.js';

const never = new Promise<never>(() => undefined);

describe('interruptible', () => {
  it('resolves and rejects as what is starting, also when it is interrupted later', async () => {
    const stop = new AbortController();
    const started = interruptible(Promise.resolve('engine'), stop.signal);
    const failed = interruptible(Promise.reject(new Error('failed')), stop.signal);
    await Promise.resolve();
    stop.abort();
    expect(await started).toBe('engine');
    await expect(failed).rejects.toThrow('failed');
  });

  it('rejects when it is interrupted while starting, or was before', async () => {
    const stop = new AbortController();
    const starting = interruptible(never, stop.signal);
    stop.abort();
    for (const interrupted of [starting, interruptible(never, stop.signal)])
      await expect(interrupted).rejects.toMatchObject({ name: 'StartRefused' });
  });
});
