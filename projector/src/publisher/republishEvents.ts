import { eventRecord } from '@ums/contracts/kafka/eventRecord';
import { REPLAY_TOPIC } from '@ums/contracts/kafka/topics';
import { toMessage } from '@ums/contracts/messages/message';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { RecordProducer } from '@ums/kit/kafka/producer';
import { StartRefused } from '@ums/kit/startRefused';

/** Positions of the log, both included. */
export interface PositionRange {
  /** Position of an event, or 0 for the beginning of the log. */
  from: bigint;
  to: bigint;
}

export interface RepublishDeps {
  send: RecordProducer['send'];
  /** Called after each page with what was handled so far. */
  onProgress(progress: { position: bigint; events: number; records: number }): void;
}

const EVENTS_PER_PAGE = 1_000;

/**
 * Sends the public events of a range to the replay topic, in the order of the log. Never to the live topic: its consumers have
 * seen them. Records have the ids of the first time.
 *
 * @returns the number of records.
 * @throws StartRefused when no event is at `from`; errors of the log and of `send`.
 */
export const republishEvents = async (
  eventLog: Pick<EventLog, 'readAll' | 'readAt'>,
  { from, to }: PositionRange,
  { send, onProgress }: RepublishDeps,
): Promise<number> => {
  const first = from === 0n ? undefined : await eventLog.readAt(from);
  if (from !== 0n && first === undefined)
    throw new StartRefused(
      `The log holds no event at position ${from}; take --from from a record's ce_position, or 0.`,
    );
  let page = first === undefined ? await eventLog.readAll(undefined, EVENTS_PER_PAGE) : [first];
  let [events, records] = [0, 0];
  while (page.length > 0) {
    const selected = page.filter(({ position }) => position <= to);
    const toSend = selected.flatMap((event) => {
      const message = toMessage(event);
      return (message && eventRecord(message, REPLAY_TOPIC)) ?? [];
    });
    if (toSend.length > 0) await send(toSend);
    events += selected.length;
    records += toSend.length;
    const last = selected.at(-1)?.position;
    if (last !== undefined) onProgress({ position: last, events, records });
    if (selected.length < page.length) break;
    page = await eventLog.readAll(last, EVENTS_PER_PAGE);
  }
  return records;
};
