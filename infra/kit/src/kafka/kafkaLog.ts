import type { LogEntry, logCreator } from 'kafkajs';
import type { Log } from '../log.js';

/** Answer of a broker that is still completing the previous transaction. The producer waits and repeats the request. */
const EXPECTED = 'concurrent operation on the same transaction';

/**
 * Writes what kafkajs reports to our log, as warnings: whether a failed call is an error is for the caller to say, who gets
 * it as a rejection. Of the message only the part before the first colon is written, because what follows may quote a
 * handler's error.
 *
 * @param isMuted whether the client was thrown away on purpose.
 */
export const kafkaLog =
  (log: Log, isMuted: () => boolean): logCreator =>
  () =>
  ({ namespace, log: entry }: LogEntry) => {
    if (isMuted()) return;
    const cause = (entry as { error?: unknown }).error;
    if (`${entry.message} ${typeof cause === 'string' ? cause : ''}`.includes(EXPECTED)) return;
    log.warn('kafka client reports a fault', {
      dependency: 'kafka',
      reason: `${namespace}: ${summaryOf(entry.message)}`,
    });
  };

const summaryOf = (message: string): string =>
  /^Response (\w+)/.exec(message)?.[0] ?? (message.split(':')[0] as string);
