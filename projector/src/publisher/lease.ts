import { setTimeout as sleep } from 'node:timers/promises';
import { SEND_TIMEOUT_MS } from '@ums/kit/kafka/producer';
import type { Active } from '@ums/kit/single-active/whileActive';

/**
 * How long this instance may regard itself as the active one after the start of the last successful ping of its lock. Less
 * than the time after which Postgres gives the lock of a silent instance to another (15 s).
 */
const LEASE_MS = 10_000;
const POLL_MS = 50;

/**
 * Resolves at once while the lease lasts longer than a send can take, and otherwise after the next ping: an instance that was
 * paused must first find out whether it is still the active one.
 *
 * @throws the reason of `signal` when it aborts meanwhile.
 */
export const awaitLease = async ({ signal, lastPingAt }: Active): Promise<void> => {
  while (performance.now() - lastPingAt() >= LEASE_MS - SEND_TIMEOUT_MS) await sleep(POLL_MS, undefined, { signal });
};
