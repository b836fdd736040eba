import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import type { Transaction } from '@ums/kit/postgres/transaction';
import type { Failure } from './parked.js';
import type { saveBisected } from './saveRows.js';

/** How rows are written; see `saveRows.ts`. */
export type Save = typeof saveBisected;

/** The positions of the checkpoint before and after a batch. */
export interface BatchRange {
  from: bigint;
  to: bigint;
}

/** A batch whose events are read, ready to be written within a transaction. */
export interface OpenedBatch {
  /** Whether no event of the batch concerns the projection. */
  isEmpty: boolean;
  /** Number of skipped events: in streams of this projection, but of a type that this version does not know. */
  unknown: number;
  /** Whether the commit waits for the disk. Where it does not, a crash of Postgres loses rows and checkpoint together. */
  durable: boolean;
  /** Writes rows and checkpoint in one statement, where that is possible. @throws Superseded; errors of Postgres */
  writeAtOnce?(tx: Transaction, from: Checkpoint, to: Checkpoint): Promise<void>;
  /** May be called again, in another transaction. @returns the keys that cannot be written, to be parked. */
  write(tx: Transaction, range: BatchRange, save: Save): Promise<ReadonlyMap<string, Failure>>;
}
