import type { Append, AppendOutcome } from './append.js';

export interface Waiting {
  readonly append: Append;
  /** Whether the caller still waits. */
  readonly wanted: () => boolean;
  resolve(outcome: AppendOutcome): void;
  reject(error: Error): void;
}

const transaction = { events: 2000, bytes: 8 * 1024 * 1024 };
const sizeOf = ({ events }: Append) =>
  events.reduce((size, { data, metadata }) => size + data.length + metadata.length, 0);

/** Appends that wait for the next transaction, in the order they came. */
export function appendQueue() {
  let waiting: Waiting[] = [];

  return {
    size: () => waiting.length,
    add: (append: Append, wanted: () => boolean): Promise<AppendOutcome> =>
      new Promise((resolve, reject) => waiting.push({ append, wanted, resolve, reject })),
    /** What the next transaction carries, within its bounds; an append whose caller has gone is dropped unwritten. */
    take: (): Waiting[] => {
      waiting = waiting.filter(({ wanted }) => wanted());
      let events = 0;
      let bytes = 0;
      let count = 0;
      for (const { append } of waiting) {
        events += append.events.length;
        bytes += sizeOf(append);
        if (count > 0 && (events > transaction.events || bytes > transaction.bytes)) break;
        count += 1;
      }
      return waiting.splice(0, count);
    },
    rejectAll: (error: Error): void => {
      const rejected = waiting;
      waiting = [];
      for (const { reject } of rejected) reject(error);
    },
  };
}
