import type { RecordedEvent } from '@ums/contracts/events/event';
import type { OpenedEvent } from '@ums/kit/facts/openFacts';
import { failureReason } from './failureReason.js';
import type { Projection, Revisioned } from './projection.js';
import type { Placed, Standing } from './rowTable.js';

/** What some events of one key come to. */
export type Outcome<Row> =
  | { is: 'unchanged' }
  | { is: 'row'; placed: Placed<Row> }
  /** There is no row any more; `ended` when for good. */
  | { is: 'none'; ended: boolean }
  /** An event that cannot be applied; the reason holds no content. */
  | { is: 'failed'; position: bigint; reason: string }
  /** An event is missing before this one. */
  | { is: 'gap'; event: RecordedEvent }
  /** An event below the checkpoint was not folded: only the stream says what belongs before and after it. */
  | { is: 'late' };

const UNCHANGED = { is: 'unchanged' } as const;

/**
 * Folds the events of one key, in the order they came, onto what stands. Pure and total: whatever is wrong with an event
 * is an outcome. An event already folded is ignored, a missing one is noticed, by its revision (F-12).
 *
 * @param checkpoint events at or below it were handled before.
 */
export const foldKey = <Row extends Revisioned>(
  { ends, reduce }: Pick<Projection<Row>, 'ends' | 'reduce'>,
  { placed, parked }: Standing<Row>,
  events: readonly OpenedEvent[],
  checkpoint: bigint,
): Outcome<Row> => {
  // Readable or not, whatever else was wrong: nothing is left of the key.
  if (events.some(({ recorded }) => ends(recorded))) return { is: 'none', ended: true };
  if (parked) return UNCHANGED;
  let row = placed?.row;
  let revision = row?.revision;
  let position: bigint | undefined;
  for (const { recorded, fact, failed } of events) {
    if (revision !== undefined && recorded.revision <= revision) continue;
    if (recorded.position <= checkpoint) return { is: 'late' };
    if (recorded.revision !== (revision ?? -1n) + 1n) return { is: 'gap', event: recorded };
    if (failed !== undefined) return { is: 'failed', position: recorded.position, reason: failureReason(failed) };
    try {
      // An unknown type says nothing to the row, but the stream has moved on by it.
      row = fact === undefined ? row && { ...row, revision: recorded.revision } : reduce(row, fact);
    } catch {
      return { is: 'failed', position: recorded.position, reason: 'reducer' };
    }
    ({ revision, position } = recorded);
  }
  if (position === undefined) return UNCHANGED;
  if (row !== undefined) return { is: 'row', placed: { row, position } };
  return placed === undefined ? UNCHANGED : { is: 'none', ended: false };
};
