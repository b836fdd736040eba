import type { RecordedEvent } from '@ums/contracts/events/event';
import { isErased } from '@ums/contracts/personal';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { OpenedEvent } from '@ums/kit/facts/openFacts';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { foldKey, type Outcome } from './foldKey.js';
import type { Failure } from './parked.js';
import type { Projection, Revisioned } from './projection.js';
import { refold } from './refold.js';
import type { Placed, Standing } from './rowTable.js';

export interface FoldDeps<Row extends Revisioned> {
  projection: Projection<Row>;
  eventLog: EventLog;
  keys: DataKeys;
  /** Ids of events before which one was missing when they last came: now their stream is asked. */
  suspects: ReadonlySet<string>;
}

/** A `user-` event came before the one it follows: the subscription lost or reordered something. */
export class RevisionGap extends Error {
  override readonly name = 'RevisionGap';

  constructor(readonly event: RecordedEvent) {
    super('an event of a stream is missing');
  }
}

/** What a batch does to the tables. */
export interface Changes<Row> {
  rows: Map<string, Placed<Row>>;
  /** Keys that have no row any more. */
  gone: string[];
  /** Those of `gone` that ended for good. */
  ended: string[];
  failed: Map<string, Failure>;
}

/**
 * Folds the opened events of a batch, key by key.
 *
 * @param from position of the checkpoint before the batch, `to` after it.
 * @throws RevisionGap at the first sight of one; what log and vault throw.
 */
export const foldBatch = async <Row extends Revisioned>(
  deps: FoldDeps<Row>,
  standing: ReadonlyMap<string, Standing<Row>>,
  byKey: ReadonlyMap<string, readonly OpenedEvent[]>,
  { from, to }: { from: bigint; to: bigint },
): Promise<Changes<Row>> => {
  const changes: Changes<Row> = { rows: new Map(), gone: [], ended: [], failed: new Map() };
  for (const [key, events] of byKey) {
    const before = standing.get(key) ?? { placed: undefined, parked: false };
    const folded = foldKey(deps.projection, before, events, from);
    const outcome = folded.is === 'late' || folded.is === 'gap' ? await mended(deps, key, before, folded, to) : folded;
    if (outcome.is === 'row') changes.rows.set(key, outcome.placed);
    if (outcome.is === 'failed') changes.failed.set(key, { position: outcome.position, reason: outcome.reason });
    if (outcome.is !== 'none') continue;
    changes.gone.push(key);
    if (outcome.ended) changes.ended.push(key);
  }
  return changes;
};

/** An erased person misses nothing; otherwise the subscription is asked once more, and then the stream itself. */
const mended = async <Row extends Revisioned>(
  { projection, eventLog, keys, suspects }: FoldDeps<Row>,
  key: string,
  { placed }: Standing<Row>,
  outcome: Extract<Outcome<Row>, { is: 'late' | 'gap' }>,
  to: bigint,
): Promise<Outcome<Row>> => {
  if (outcome.is === 'gap') {
    if (placed === undefined && (await wasErased(keys, key))) return { is: 'unchanged' };
    if (!suspects.has(outcome.event.id)) throw new RevisionGap(outcome.event);
  }
  return refold(projection, eventLog, keys, key, to);
};

const wasErased = async (keys: DataKeys, key: string): Promise<boolean> => {
  try {
    const found = (await keys.fetch([key])).get(key);
    return found !== undefined && !Buffer.isBuffer(found) && isErased(found);
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
};
