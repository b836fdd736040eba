import type { RecordedEvent } from '@ums/contracts/events/event';
import { parseStream, type StreamCategory } from '@ums/contracts/streams';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { RevisionGap } from './foldBatch.js';
import { isDeletion } from './isDeletion.js';
import { storedRevisions } from './lastRevisions.js';
import type { EventProjection } from './projection.js';

export interface MissedDeps {
  projection: EventProjection;
  eventLog: Pick<EventLog, 'readPart'>;
  /** Ids of events that ended an earlier run with `RevisionGap`. */
  reportedGaps: Pick<ReadonlySet<string>, 'has'>;
}

/** Revisions of a stream that came neither before nor with `event`, from `from` up to the one before it. */
export interface StreamGap {
  event: RecordedEvent;
  from: bigint;
}

interface SuspectedGap extends StreamGap {
  /** Whether the last revision was stored. Without it, the gap may begin earlier. */
  isKnown: boolean;
}

export interface Missed {
  /** Events that the subscription has lost twice, as the log holds them. */
  events: RecordedEvent[];
  /** Gaps that nothing can fill, because the log does not hold the events either. */
  unfilled: StreamGap[];
}

/** Events of these expire. A feed that begins later never sees them. */
const EXPIRING: ReadonlySet<StreamCategory> = new Set(['signin']);

/**
 * Looks for events that should have come before those of a batch, by the revisions of their streams (F-12). Costs one
 * statement for a batch with events of streams that existed before, and reads of the log only for streams with a gap.
 *
 * A revision that is missing is no loss where the log does not hold it any more, nor where it is listed or parked already: the
 * table of revisions may be younger than the list. Of a stream that was deleted, what is listed stays, and the deletion is told
 * as a gap that nothing fills.
 *
 * @throws RevisionGap when an event is missed for the first time, so that the subscription starts again; LogUnavailable; errors
 * of Postgres.
 */
export const findMissed = async (
  deps: MissedDeps,
  tx: Transaction,
  batch: readonly RecordedEvent[],
): Promise<Missed> => {
  const listed = batch.filter((event) => deps.projection.key(event) !== undefined);
  const deletions = batch.filter((event) => parseStream(event.stream) !== undefined && isDeletion(event));
  const missed: Missed = { events: [], unfilled: deletions.map((event) => ({ event, from: 0n })) };
  for (const gap of await gapsBefore(deps.projection, tx, listed)) {
    const { event, from, isKnown } = gap;
    const held = await readGap(deps.eventLog, gap);
    if (held.length === 0 && isUnexpected(gap)) missed.unfilled.push({ event, from });
    const lost = await withoutListed(deps.projection, tx, held);
    if (lost.length === 0) continue;
    if (!deps.reportedGaps.has(event.id)) throw new RevisionGap(event, from);
    const whole = isKnown ? lost : await readGap(deps.eventLog, { event, from: 0n });
    missed.events.push(...(await withoutListed(deps.projection, tx, whole)));
  }
  return missed;
};

const gapsBefore = async (
  { streams }: EventProjection,
  tx: Transaction,
  events: readonly RecordedEvent[],
): Promise<SuspectedGap[]> => {
  const sorted = [...events].sort((a, b) => (a.revision < b.revision ? -1 : 1));
  const first = new Map([...sorted].reverse().map((event) => [event.stream, event]));
  const continued = [...first.values()].filter(({ revision }) => revision > 0n);
  const last = new Map(
    await storedRevisions(
      tx,
      streams,
      continued.map(({ stream }) => stream),
    ),
  );
  return sorted.flatMap((event) => {
    const { stream, revision } = event;
    const known = last.get(stream);
    if (known === undefined || known < revision) last.set(stream, revision);
    // Of a stream that the table does not know, the event before tells whether the list has followed it.
    const from = known === undefined ? revision - 1n : known + 1n;
    return from >= 0n && from < revision ? [{ event, from, isKnown: known !== undefined }] : [];
  });
};

const readGap = async (eventLog: MissedDeps['eventLog'], { event, from }: StreamGap): Promise<RecordedEvent[]> => {
  const held = await eventLog.readPart(event.stream, { from, limit: Number(event.revision - from) });
  return held.filter(({ revision }) => revision < event.revision);
};

const isUnexpected = ({ event }: StreamGap): boolean => {
  const category = parseStream(event.stream)?.category;
  return category === undefined || !EXPIRING.has(category);
};

const withoutListed = async (
  { name, table, key }: EventProjection,
  tx: Transaction,
  events: readonly RecordedEvent[],
): Promise<RecordedEvent[]> => {
  if (events.length === 0) return [];
  const { rows } = await tx.query<{ position: string }>({
    name: `find-listed-${table.name}`,
    text: `select position from ${table.name} where position = any($1::numeric[])
           union all select position from read.parked where projection = $2 and key = any($3::uuid[])`,
    values: [events.map(({ position }) => String(position)), name, events.map(({ id }) => id)],
  });
  const positions = new Set(rows.map(({ position }) => BigInt(position)));
  return events.filter((event) => key(event) !== undefined && !positions.has(event.position));
};
