import type { RecordedEvent } from '@ums/contracts/events/event';
import type { ReadBehind } from '@ums/kit/event-log/readBehind';

/**
 * The batch as the log has it: with the events that the subscription has not delivered between the batch before and the newest
 * event of this one, without repetitions, in the order of the log (F-12). Revisions tell only of a loss in a stream that goes on.
 *
 * @returns `[]` where all of the batch was returned before.
 * @throws LogUnavailable
 */
export const wholeBatch = async (behind: ReadBehind, batch: readonly RecordedEvent[]): Promise<RecordedEvent[]> => {
  const events = batch.filter((event) => behind.note(event) !== 'known').sort(inOrder);
  const last = events.at(-1);
  if (last === undefined) return [];
  const missing = await behind.missing(last.position);
  return missing.length === 0 ? events : [...events, ...missing].sort(inOrder);
};

const inOrder = (a: RecordedEvent, b: RecordedEvent): number => (a.position < b.position ? -1 : 1);
