import type { LogEntry, logCreator } from 'kafkajs';
import type { Log } from '../log.js';
import { tlsFault } from '../transport/tlsFault.js';

/** Answer of a broker that is still completing the previous transaction. The producer waits and repeats the request. */
const EXPECTED = 'concurrent operation on the same transaction';

/**
 * Answers of brokers that elect leaders or coordinators, as new ones do, or rebalance a group, and what kafkajs says of its
 * metadata meanwhile. The request is repeated; the caller reports if that does not help. kafkajs logs no error codes, so these
 * are its texts.
 */
const TRANSIENT = [
  'This server does not host this topic-partition',
  'There is no leader for this topic-partition',
  'This server is not the leader for that topic-partition',
  'The coordinator is loading',
  'The group coordinator is not available',
  'This is not the correct coordinator for this group',
  'This is not the correct controller for this cluster',
  'The group is rebalancing',
  'Consumer is not aware of all assigned partitions',
  'resync group',
];

/**
 * Writes what kafkajs reports to our log, as warnings: whether a failed call is an error is for the caller to say, who gets
 * it as a rejection. What a repeated request cures is information, and is written once for each client and cause. Of a
 * message, only the part before the first colon is written, because what follows may quote a handler's error, and why TLS
 * failed.
 *
 * @param isMuted whether the client was thrown away on purpose.
 */
export const kafkaLog =
  (log: Log, isMuted: () => boolean): logCreator =>
  () => {
    const written = new Set<string>();
    return ({ namespace, log: entry }: LogEntry) => {
      if (isMuted()) return;
      const cause = (entry as { error?: unknown }).error;
      const text = `${entry.message} ${typeof cause === 'string' ? cause : ''}`;
      if (text.includes(EXPECTED)) return;
      const reason = `${namespace}: ${summaryOf(entry.message)}`;
      const transient = isFinal(entry.message) ? undefined : TRANSIENT.find((one) => text.includes(one));
      if (transient === undefined) {
        log.warn('kafka client reports a fault', { dependency: 'kafka', reason });
      } else if (!written.has(transient)) {
        written.add(transient);
        log.info('kafka client repeats a request', { dependency: 'kafka', reason: `${reason} (${transient})` });
      }
    };
  };

/** Whether a member of a group has given up. */
const isFinal = (message: string): boolean => message.startsWith('Crash');

const summaryOf = (message: string): string => {
  const summary = /^Response (\w+)/.exec(message)?.[0] ?? (message.split(':')[0] as string);
  const fault = tlsFault(message);
  return fault === undefined ? summary : `${summary} (${fault})`;
};
