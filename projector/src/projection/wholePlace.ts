import { type Checkpoint, verifyCheckpoint } from '@ums/kit/event-log/checkpoint';
import { type CheckpointStore, checkpointStore } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { wholeName } from '@ums/kit/event-log/wholeName';
import type { Transaction } from '@ums/kit/postgres/transaction';
import type { Projection } from './projection.js';

/** How far the live tables of a projection are whole: a read of the log has shown that no event up to there is missing in them. */
export const wholeOf = ({ name }: Pick<Projection, 'name'>): CheckpointStore =>
  checkpointStore('read.checkpoint', wholeName(name));

/** How far the live tables are whole, at their checkpoint at most. */
export const wholeUpTo = async (
  tx: Transaction,
  projection: Pick<Projection, 'name'>,
  checkpoint: Checkpoint,
): Promise<Checkpoint> => {
  const whole = await wholeOf(projection).read(tx);
  return whole !== undefined && whole.position < checkpoint.position ? whole : checkpoint;
};

/**
 * Where a run begins to follow: how far the tables are whole. Where that is not stored, or is ahead because an operator has moved or
 * deleted the checkpoint, it is the checkpoint, and is stored.
 *
 * @throws StartRefused when it belongs to another log; LogUnavailable.
 */
export const beginWhole = async (
  tx: Transaction,
  projection: Pick<Projection, 'name'>,
  eventLog: EventLog,
  checkpoint: Checkpoint,
): Promise<Checkpoint> => {
  const stored = await wholeOf(projection).read(tx);
  if (stored !== undefined && stored.position <= checkpoint.position) {
    await verifyCheckpoint(eventLog, stored);
    return stored;
  }
  if (stored !== undefined)
    await tx.query({
      name: 'delete-whole',
      text: 'delete from read.checkpoint where name = $1 and position = $2',
      values: [wholeName(projection.name), String(stored.position)],
    });
  await wholeOf(projection).advance(tx, checkpoint);
  return checkpoint;
};
