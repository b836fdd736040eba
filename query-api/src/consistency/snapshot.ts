import type { ConsistencyPoint } from '@ums/contracts/consistencyToken';

/** Checkpoint columns that a query selects together with its rows, so that both come from the same snapshot. */
export interface CheckpointColumns {
  checkpoint_position: string;
  checkpoint_log_id: string;
}

/** A value, and the point of the event log that it reflects: `undefined` while the projection has never run. */
export interface Snapshot<T> {
  point: ConsistencyPoint | undefined;
  value: T;
}

/** `undefined` without a row: the projection has never run. */
export const pointOf = (row: CheckpointColumns | undefined): ConsistencyPoint | undefined =>
  row && { logId: row.checkpoint_log_id, position: BigInt(row.checkpoint_position) };
