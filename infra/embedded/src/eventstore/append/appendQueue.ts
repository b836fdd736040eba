import type { Append, AppendOutcome } from './append.js';

export interface QueuedAppend {
  readonly append: Append;
  readonly isCallerWaiting: () => boolean;
  resolve(outcome: AppendOutcome): void;
  reject(error: Error): void;
}

const TRANSACTION_LIMITS = { events: 2000, bytes: 8 * 1024 * 1024 };
const sizeOf = ({ events }: Append) =>
  events.reduce((size, { data, metadata }) => size + data.length + metadata.length, 0);

/** Appends that wait for the next transaction, first in, first out. */
export const appendQueue = () => {
  let queued: QueuedAppend[] = [];

  return {
    size: () => queued.length,
    add: (append: Append, isCallerWaiting: () => boolean): Promise<AppendOutcome> =>
      new Promise((resolve, reject) => queued.push({ append, isCallerWaiting, resolve, reject })),
    /**
     * Removes the appends of the next transaction from the queue, within its limits but at least one. Drops appends whose caller
     * no longer waits.
     */
    take: (): QueuedAppend[] => {
      queued = queued.filter(({ isCallerWaiting }) => isCallerWaiting());
      let events = 0;
      let bytes = 0;
      let count = 0;
      for (const { append } of queued) {
        events += append.events.length;
        bytes += sizeOf(append);
        if (count > 0 && (events > TRANSACTION_LIMITS.events || bytes > TRANSACTION_LIMITS.bytes)) break;
        count += 1;
      }
      return queued.splice(0, count);
    },
    rejectAll: (error: Error): void => {
      const rejected = queued;
      queued = [];
      for (const { reject } of rejected) reject(error);
    },
  };
};
