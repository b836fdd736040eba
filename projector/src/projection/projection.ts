import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import { type CheckpointStore, checkpointStore } from '@ums/kit/event-log/checkpointStore';
import type { RowTable } from './rowTable.js';

/** What every row knows beside its content: the revision, in its own stream, of the last event folded into it. */
export interface Revisioned {
  revision: bigint;
}

/** A read model as data: one runner serves them all. */
export interface Projection<Row extends Revisioned = Revisioned> {
  /** Versioned (`user_profile_v1`): a new shape is a new projection, folded beside the old one. */
  name: string;
  /** Which row an event is about, as a UUID; `undefined` for events this projection does not read. */
  key(event: RecordedEvent): string | undefined;
  /** The stream a row is folded from: what a refold reads. */
  stream(key: string): string;
  /** Pure. `undefined` deletes the row; an erased fact reduces to no row. */
  reduce(row: Row | undefined, fact: Fact): Row | undefined;
  /** Whether an event ends its row for good, readable or not: the erasure of a person. It unparks the key. */
  ends(event: RecordedEvent): boolean;
  /** Whether its rows hold personal data: then `forget` rewrites its table. */
  personal: boolean;
  table: RowTable<Row>;
}

/** How far a projection has come; its row moves in the transaction that writes the rows. */
export const checkpointOf = ({ name }: Pick<Projection, 'name'>): CheckpointStore =>
  checkpointStore('read.checkpoint', name);
