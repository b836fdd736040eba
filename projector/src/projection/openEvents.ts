import type { RecordedEvent } from '@ums/contracts/events/event';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import type { FirstEvents } from './firstEvents.js';
import { failureReason } from './foldKey.js';
import { insertWithCheckpoint } from './insertWithCheckpoint.js';
import { lastRevisions, raiseRevisions } from './lastRevisions.js';
import type { OpenedBatch } from './openedBatch.js';
import type { Failure } from './parked.js';
import type { EventProjection } from './projection.js';
import type { FoldedRow } from './rowTable.js';

/**
 * Makes the rows of the events of a batch. A repeated event finds its row and changes nothing, so neither repeats nor late
 * events need to be told apart, and no stored row is read. The last revisions of the streams are stored with them.
 */
export const openEvents = (
  projection: EventProjection,
  events: readonly RecordedEvent[],
  first: FirstEvents,
): OpenedBatch => {
  const revisions = lastRevisions(events.filter((event) => projection.key(event) !== undefined));
  const rows = new Map<string, FoldedRow<object>>();
  const undecodable = new Map<string, Failure>();
  for (const event of events) {
    const key = projection.key(event);
    if (key === undefined) continue;
    const { position } = event;
    const row = rowOf(projection, event, first);
    if (row instanceof Undecodable) undecodable.set(key, { position, reason: failureReason(row) });
    else rows.set(key, { row, position });
  }
  return {
    isEmpty: rows.size + undecodable.size === 0,
    unknown: 0,
    durable: false,
    ...(undecodable.size === 0 && {
      writeAtOnce: (tx, from, to) => insertWithCheckpoint(tx, projection, { rows, revisions }, [from, to]),
    }),
    write: async (tx, _range, save) => {
      await raiseRevisions(tx, projection.streams, revisions);
      return new Map([...undecodable, ...(await save(tx, projection.table, rows))]);
    },
  };
};

const rowOf = (projection: EventProjection, event: RecordedEvent, first: FirstEvents): object | Undecodable => {
  try {
    return projection.row(event, first.get(event.stream));
  } catch (error) {
    if (error instanceof Undecodable) return error;
    throw error;
  }
};
