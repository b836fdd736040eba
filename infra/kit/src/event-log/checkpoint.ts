import { StartRefused } from '../startRefused.js';
import type { EventLog } from './eventLog.js';
import { readLogIdentity } from './logIdentity.js';

/** How far a reader of the whole log has read, and which log. */
export interface Checkpoint {
  position: bigint;
  /** Id of the event at the position; `undefined` before the first event. */
  eventId: string | undefined;
  logId: string;
}

/**
 * Proves that a checkpoint belongs to this log, by the log's identity and the event at the position. A reader that
 * continued from the checkpoint of another log, or on a log restored from a backup, would skip events unnoticed.
 *
 * @throws StartRefused with one sentence; LogUnavailable.
 */
export const verifyCheckpoint = async (eventLog: EventLog, { position, eventId, logId }: Checkpoint): Promise<void> => {
  const connected = await readLogIdentity(eventLog);
  if (connected !== logId)
    throw new StartRefused(
      `The checkpoint was made on event log ${logId}, but the connected event log has ${connected ?? 'no identity'}.`,
    );
  if (eventId === undefined) return;
  const found = await eventLog.readAt(position);
  if (found?.id !== eventId)
    throw new StartRefused(
      `The event log holds ${found === undefined ? 'no event' : `event ${found.id}`} at position ${position}, but the ` +
        `checkpoint expects event ${eventId}: the log was restored or cut short.`,
    );
};
