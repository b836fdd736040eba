import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { ReadBehind } from '@ums/kit/event-log/readBehind';

const RETRY_MS = 1_000;

/**
 * Reads what the subscription has not delivered up to a position. While the log is away it waits: nothing else comes to settle
 * then, and the reconciler need not start again.
 *
 * @returns `undefined` when the signal aborted and the log did not answer.
 */
export const readMissed = async (
  behind: Pick<ReadBehind, 'missing'>,
  upTo: bigint,
  signal: AbortSignal,
  retryMs = RETRY_MS,
): Promise<RecordedEvent[] | undefined> => {
  do {
    try {
      return await behind.missing(upTo);
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
    }
    await sleep(retryMs, undefined, { signal }).catch(() => undefined);
  } while (!signal.aborted);
  return undefined;
};
