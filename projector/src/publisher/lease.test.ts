import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SEND_TIMEOUT_MS } from '@ums/kit/kafka/producer';
import { awaitLease } from './lease.js';

describe('awaitLease', () => {
  const signal = new AbortController().signal;
  const isPending = async (promise: Promise<void>): Promise<boolean> =>
    Promise.race([promise.then(() => false), sleep(120).then(() => true)]);

  it('resolves at once while the lease lasts longer than a send', async () => {
    await awaitLease({ signal, lastPingAt: () => performance.now() - 10_000 + SEND_TIMEOUT_MS + 1_000 });
  });

  it('F-14 waits for the next ping when the lease could end during a send', async () => {
    let lastPing = performance.now() - 10_000 + SEND_TIMEOUT_MS;
    const waiting = awaitLease({ signal, lastPingAt: () => lastPing });
    expect(await isPending(waiting)).toBe(true);
    lastPing = performance.now();
    await waiting;
  });

  it('ends the wait when the lock is lost', async () => {
    const lost = new AbortController();
    const waiting = awaitLease({ signal: lost.signal, lastPingAt: () => 0 - 20_000 });
    lost.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
