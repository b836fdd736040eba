import type { Message } from '@ums/contracts/messages/message';
import type { Log } from '../log.js';
import { type DeadMessageTable, removeRedriven, requestedRedrives } from './deadMessageTable.js';

export interface RedriveOptions {
  consumer: string;
  /** Delivers a message again; calls `finish` when it was handled, or stored as dead once more. */
  deliver: (message: Message, finish: () => void) => void;
  everyMs: number;
  log: Log;
}

/** Delivers the dead messages of a table again that an operator has chosen. A failed poll is repeated at the next interval. */
export const redriveRequested = (table: DeadMessageTable, { consumer, deliver, everyMs, log }: RedriveOptions) => {
  /** Ids of requests. One that was removed stays, because a poll may have read it before. */
  const delivered = new Set<string>();
  const removals = new Set<Promise<void>>();
  let polling: Promise<void> | undefined;

  const remove = async (id: string): Promise<void> => {
    try {
      await removeRedriven(table, id);
    } catch (error) {
      // It is delivered once more then, which handlers tolerate.
      log.warn('redriven message could not be removed', { lane: consumer, error });
      delivered.delete(id);
    }
  };
  const poll = async (): Promise<void> => {
    try {
      for (const { id, message } of await requestedRedrives(table, consumer)) {
        if (delivered.has(id)) continue;
        delivered.add(id);
        deliver(message, () => {
          const removal: Promise<void> = remove(id).finally(() => removals.delete(removal));
          removals.add(removal);
        });
      }
    } catch (error) {
      log.warn('dead messages to redrive could not be read', { lane: consumer, error });
    }
  };
  const timer = setInterval(() => {
    polling ??= poll().finally(() => {
      polling = undefined;
    });
  }, everyMs);

  return {
    /** Delivers no more. */
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await polling;
    },
    /** Resolves when the messages handled so far are removed. */
    settled: async (): Promise<void> => {
      await Promise.all(removals);
    },
  };
};
