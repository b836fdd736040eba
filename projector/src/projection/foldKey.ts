import type { RecordedEvent } from '@ums/contracts/events/event';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import { MissingKey, type OpenedEvent } from '@ums/kit/facts/openFacts';
import type { FoldedProjection, Revisioned } from './projection.js';
import type { FoldedRow, KeyState } from './rowTable.js';

/** The result of folding the events of one key. */
export type FoldOutcome<Row> =
  | { kind: 'unchanged' }
  | { kind: 'row'; folded: FoldedRow<Row> }
  /** The row must be deleted; `ended` when no later event can bring it back. */
  | { kind: 'none'; ended: boolean }
  /** An event cannot be applied. The reason holds no event content. */
  | { kind: 'failed'; position: bigint; reason: string }
  /** At least one revision is missing before this event: `expected`, the next after the stored row. */
  | { kind: 'gap'; event: RecordedEvent; expected: bigint }
  /** An event at or below the checkpoint was never folded, so the key must be folded again from its stream. */
  | { kind: 'late' };

const UNCHANGED = { kind: 'unchanged' } as const;

/**
 * Folds the events of one key, in order of arrival, onto its stored row. Pure; never throws: a faulty event becomes an
 * outcome. Compares revisions to ignore events already folded and to detect missing ones (F-12).
 *
 * @param checkpoint position up to which all events were handled before this batch.
 */
export const foldKey = <Row extends Revisioned>(
  { ends, reduce }: Pick<FoldedProjection<Row>, 'ends' | 'reduce'>,
  { folded, parked }: KeyState<Row>,
  events: readonly OpenedEvent[],
  checkpoint: bigint,
): FoldOutcome<Row> => {
  // Checked first: an erased key has no row, so gaps and undecodable events of it do not matter.
  if (events.some(({ recorded }) => ends(recorded))) return { kind: 'none', ended: true };
  if (parked) return UNCHANGED;
  let row = folded?.row;
  let revision = row?.revision;
  let position: bigint | undefined;
  for (const { recorded, fact, failed } of events) {
    if (revision !== undefined && recorded.revision <= revision) continue;
    if (recorded.position <= checkpoint) return { kind: 'late' };
    const expected: bigint = (revision ?? -1n) + 1n;
    if (recorded.revision !== expected) return { kind: 'gap', event: recorded, expected };
    if (failed !== undefined) return { kind: 'failed', position: recorded.position, reason: failureReason(failed) };
    try {
      // An event of unknown type only advances the revision, so that the next event does not look like a gap.
      row = fact === undefined ? row && { ...row, revision: recorded.revision } : reduce(row, fact);
    } catch {
      return { kind: 'failed', position: recorded.position, reason: 'reducer' };
    }
    ({ revision, position } = recorded);
  }
  if (position === undefined) return UNCHANGED;
  if (row !== undefined) return { kind: 'row', folded: { row, position } };
  return folded === undefined ? UNCHANGED : { kind: 'none', ended: false };
};

/** Why an event could not be opened. Names types and fields, never values. */
export const failureReason = (failed: Error): string => {
  if (failed instanceof Undecodable) return `undecodable ${failed.storedType} ${failed.field}`;
  return failed instanceof MissingKey ? 'missing-key' : 'seal-broken';
};
