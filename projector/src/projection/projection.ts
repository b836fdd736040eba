import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import { type CheckpointStore, checkpointStore } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type pg from 'pg';
import type { RowTable, WrittenTable } from './rowTable.js';

/** Every row carries the stream revision of the last event folded into it. */
export interface Revisioned {
  revision: bigint;
}

/** Describes one read model. The same runner serves all projections. */
export type Projection<Row extends Revisioned = Revisioned> = FoldedProjection<Row> | EventProjection;

interface AnyProjection {
  /** Versioned, such as `user_profile_v1`. A new row shape is a new projection, built beside the old one. */
  name: string;
  /** Key (UUID) of the row that an event changes; `undefined` for events that the projection skips. */
  key(event: RecordedEvent): string | undefined;
  /** Whether rows hold personal data, so that `forgetReadModel` must rewrite the table. */
  personal: boolean;
  /**
   * Completes rows that an earlier version of this program wrote. Runs under the lock of the projection, each time that it
   * starts to follow the log and while it follows. So it must cost little where there is nothing to do, and lock the
   * checkpoint before it changes rows, as a batch does.
   *
   * @returns the number of rows.
   */
  prepare?(pool: pg.Pool, signal: AbortSignal, eventLog: Pick<EventLog, 'readAt'>): Promise<number>;
}

/** A row for each key, folded from all events of a stream. */
export interface FoldedProjection<Row extends Revisioned = Revisioned> extends AnyProjection {
  /** Name of the stream that holds all events of a key. */
  stream(key: string): string;
  /** Pure. Returns `undefined` where there is no row, also for a fact whose personal fields are erased. */
  reduce(row: Row | undefined, fact: Fact): Row | undefined;
  /** Whether an event deletes its row for good, such as an erasure. Applies to undecodable events too, and unparks the key. */
  ends(event: RecordedEvent): boolean;
  table: RowTable<Row>;
  /** Of a copy, see `copies.ts`: the projection of the live tables. */
  live?: Pick<FoldedProjection<Row>, 'name' | 'table'>;
}

/**
 * A row for each event, which no later event changes or deletes. Its key is the id of the event, and it is made from the event
 * as stored: nothing is unsealed.
 */
export interface EventProjection<Row extends object = object> extends AnyProjection {
  /** Whether the row of an event depends on the first event of its stream. @default no row does */
  needsFirst?(event: RecordedEvent): boolean;
  /**
   * Pure.
   *
   * @param first the first event of the stream that the log holds, where the row needs it and there is one.
   * @throws Undecodable for an event that lacks what the row needs; it is parked.
   */
  row(event: RecordedEvent, first?: RecordedEvent): Row;
  /** Table of the last revision of each stream whose events have rows, qualified with the schema; one of `table.derived`. */
  streams: string;
  table: WrittenTable<Row> & { insertOnly: true };
}

/** The stored checkpoint of a projection. It moves in the transaction that writes the rows. */
export const checkpointOf = ({ name }: Pick<Projection, 'name'>): CheckpointStore =>
  checkpointStore('read.checkpoint', name);
