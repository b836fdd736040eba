import type { EventLog } from '@ums/kit/event-log/eventLog';
import { openFacts } from '@ums/kit/facts/openFacts';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { type FoldOutcome, foldKey } from './foldKey.js';
import type { FoldedProjection, Revisioned } from './projection.js';

const NO_STATE = { folded: undefined, parked: false };
/** Below every position, so that no event counts as late. */
const NO_CHECKPOINT = -2n;

/**
 * Folds a key from the start of its stream up to a log position: the row as it must be when the checkpoint is there. The
 * caller must hold the lock on the checkpoint row.
 *
 * @returns `row`, `none` or `failed`; a gap in the stream itself is `failed`.
 * @throws LogUnavailable; errors of the vault.
 */
export const refold = async <Row extends Revisioned>(
  projection: FoldedProjection<Row>,
  eventLog: EventLog,
  keys: DataKeys,
  key: string,
  upTo: bigint,
): Promise<Exclude<FoldOutcome<Row>, { kind: 'gap' | 'late' | 'unchanged' }>> => {
  const events = (await eventLog.readStream(projection.stream(key))).filter(({ position }) => position <= upTo);
  const outcome = foldKey(projection, NO_STATE, await openFacts(events, keys), NO_CHECKPOINT);
  if (outcome.kind === 'unchanged') return { kind: 'none', ended: false };
  if (outcome.kind === 'late' || outcome.kind === 'gap')
    return { kind: 'failed', position: upTo, reason: 'revision-gap' };
  return outcome;
};
