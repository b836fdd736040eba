import type { EventLog } from '@ums/kit/event-log/eventLog';
import { openFacts } from '@ums/kit/facts/openFacts';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { foldKey, type Outcome } from './foldKey.js';
import type { Projection, Revisioned } from './projection.js';

const NOTHING = { placed: undefined, parked: false };
const BEFORE_EVERYTHING = -2n;

/**
 * Folds a key anew from its own stream, up to a position of the whole log: what the row must be when the checkpoint is
 * there. The caller holds the checkpoint's lock.
 *
 * @returns `row`, `none` or `failed`; never a gap: a stream that has one is a failure.
 * @throws LogUnavailable; whatever the vault throws.
 */
export const refold = async <Row extends Revisioned>(
  projection: Projection<Row>,
  eventLog: EventLog,
  keys: DataKeys,
  key: string,
  upTo: bigint,
): Promise<Exclude<Outcome<Row>, { is: 'gap' | 'late' | 'unchanged' }>> => {
  const events = (await eventLog.readStream(projection.stream(key))).filter(({ position }) => position <= upTo);
  const outcome = foldKey(projection, NOTHING, await openFacts(events, keys), BEFORE_EVERYTHING);
  if (outcome.is === 'unchanged') return { is: 'none', ended: false };
  if (outcome.is === 'late' || outcome.is === 'gap') return { is: 'failed', position: upTo, reason: 'revision-gap' };
  return outcome;
};
