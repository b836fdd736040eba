import { KeyObject } from 'node:crypto';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { isErased } from '@ums/contracts/personal';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { OpenedEvent } from '@ums/kit/facts/openFacts';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { type FoldOutcome, foldKey } from './foldKey.js';
import type { Failure } from './parked.js';
import type { FoldedProjection, Revisioned } from './projection.js';
import { refold } from './refold.js';
import type { FoldedRow, KeyState } from './rowTable.js';

export interface FoldDeps<Row extends Revisioned> {
  projection: FoldedProjection<Row>;
  eventLog: EventLog;
  keys: DataKeys;
  /**
   * Ids of events that ended an earlier run with `RevisionGap`. When the same gap comes again, the key is folded from its
   * stream instead.
   */
  reportedGaps: Pick<ReadonlySet<string>, 'has'>;
}

/** The subscription lost or reordered events of a stream: `event` came where revision `expected` was next. */
export class RevisionGap extends Error {
  override readonly name = 'RevisionGap';

  constructor(
    readonly event: RecordedEvent,
    readonly expected: bigint,
  ) {
    super(`expected revision ${expected}, got revision ${event.revision}`);
  }
}

/** The changes that a batch makes to the tables. */
export interface Changes<Row> {
  rows: Map<string, FoldedRow<Row>>;
  /** Keys whose row is deleted. */
  deleted: string[];
  /** The keys among `deleted` that an erasure ended for good. */
  ended: string[];
  failed: Map<string, Failure>;
}

/**
 * Folds the opened events of a batch, key by key.
 *
 * @param range positions of the checkpoint before (`from`) and after (`to`) the batch.
 * @throws RevisionGap when a gap occurs for the first time; errors of the event log and the vault.
 */
export const foldBatch = async <Row extends Revisioned>(
  deps: FoldDeps<Row>,
  states: ReadonlyMap<string, KeyState<Row>>,
  byKey: ReadonlyMap<string, readonly OpenedEvent[]>,
  { from, to }: { from: bigint; to: bigint },
): Promise<Changes<Row>> => {
  const changes: Changes<Row> = { rows: new Map(), deleted: [], ended: [], failed: new Map() };
  for (const [key, events] of byKey) {
    const state = states.get(key) ?? { folded: undefined, parked: false };
    const first = foldKey(deps.projection, state, events, from);
    const outcome =
      first.kind === 'late' || first.kind === 'gap' ? await resolveGap(deps, key, state, first, to) : first;
    if (outcome.kind === 'row') changes.rows.set(key, outcome.folded);
    if (outcome.kind === 'failed') changes.failed.set(key, { position: outcome.position, reason: outcome.reason });
    if (outcome.kind !== 'none') continue;
    changes.deleted.push(key);
    if (outcome.ended) changes.ended.push(key);
  }
  return changes;
};

/**
 * Handles events that do not follow the stored row. Ignores gaps of erased users. Otherwise a new gap restarts the
 * subscription; a repeated gap, or a late event, is resolved by reading the stream itself.
 */
const resolveGap = async <Row extends Revisioned>(
  { projection, eventLog, keys, reportedGaps }: FoldDeps<Row>,
  key: string,
  { folded }: KeyState<Row>,
  outcome: Extract<FoldOutcome<Row>, { kind: 'late' | 'gap' }>,
  to: bigint,
): Promise<FoldOutcome<Row>> => {
  if (outcome.kind === 'gap') {
    if (folded === undefined && (await wasErased(keys, key))) return { kind: 'unchanged' };
    if (!reportedGaps.has(outcome.event.id)) throw new RevisionGap(outcome.event, outcome.expected);
  }
  return refold(projection, eventLog, keys, key, to);
};

const wasErased = async (keys: DataKeys, key: string): Promise<boolean> => {
  try {
    const found = (await keys.fetch([key])).get(key);
    return found !== undefined && !(found instanceof KeyObject) && isErased(found);
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
};
