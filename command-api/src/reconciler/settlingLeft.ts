import type { RecordedEvent } from '@ums/contracts/events/event';
import type { EventMetadata } from '@ums/contracts/metadata';

/**
 * How long to wait, in ms, until the youngest event about a user in a batch is `settlingMs` old. The command that appended it
 * settles the account within that time, and then the reconciler has nothing to do. Never more than `settlingMs`, because the
 * clocks of two processes may differ.
 */
export const settlingLeft = (batch: readonly RecordedEvent[], settlingMs: number, now: Date): number => {
  const youngest = batch.findLast(({ stream }) => stream.startsWith('user-'));
  const at = Date.parse((youngest?.metadata as Partial<EventMetadata> | undefined)?.at ?? '');
  return Number.isNaN(at) ? 0 : Math.min(Math.max(at + settlingMs - now.getTime(), 0), settlingMs);
};
