import type { ConsistencyPoint } from '@ums/contracts/consistencyToken';

/** What a statement reads of the checkpoint beside its rows, on the same snapshot. */
export interface CheckpointColumns {
  checkpoint_position: string;
  checkpoint_log_id: string;
}

/** A value and the point of the log it reflects; no point while the projection has never run. */
export interface Seen<T> {
  at: ConsistencyPoint | undefined;
  value: T;
}

export const pointOf = (row: CheckpointColumns | undefined): ConsistencyPoint | undefined =>
  row && { logId: row.checkpoint_log_id, position: BigInt(row.checkpoint_position) };
