import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { EngineFailed } from '../engineFailed.js';

const POLL_MS = 500;

/**
 * Deletes the write-ahead log that holds pages from before. A new segment begins, and the checkpoint in it deletes all older
 * ones, unless something keeps them: the slot of a backup that is being made, of a replica, or an archiver.
 *
 * @param timeoutMs how long to wait for what keeps them.
 * @throws EngineFailed when the server renames segments instead of deleting them, or when old ones are still kept.
 */
export const dropOldWal = async (client: pg.Client, timeoutMs: number): Promise<void> => {
  await refuseRecycling(client);
  // Once: what keeps old segments keeps each new one, too, of 16 MB.
  await client.query('select pg_switch_wal()');
  for (const deadline = performance.now() + timeoutMs; ; await sleep(POLL_MS)) {
    await client.query('checkpoint');
    const { rows } = await client.query<{ kept: boolean }>(OLD_WAL_KEPT);
    if (rows[0]?.kept === false) return;
    if (performance.now() >= deadline) throw await keptBy(client);
  }
};

/** The first eight digits of a name are the timeline, which does not matter here. */
const OLD_WAL_KEPT = `select exists (
    select from pg_ls_waldir() as segment, pg_control_checkpoint() as checkpoint
    where segment.name ~ '^[0-9A-F]{24}$' and substr(segment.name, 9) < substr(checkpoint.redo_wal_file, 9)
  ) as kept`;

const refuseRecycling = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ wal_recycle: string }>('show wal_recycle');
  if (rows[0]?.wal_recycle !== 'off')
    throw new EngineFailed('Set wal_recycle=off on the server: old write-ahead log keeps deleted rows otherwise.');
};

const keptBy = async (client: pg.Client): Promise<EngineFailed> => {
  const { rows } = await client.query<{ slot: string }>(
    'select slot_name as slot from pg_replication_slots where restart_lsn is not null order by restart_lsn limit 1',
  );
  const slot = rows[0]?.slot;
  const keeper =
    slot === undefined
      ? 'wal_keep_size or an archiver that fails'
      : slot === BACKUP_SLOT
        ? 'a backup that is being made'
        : `the replication slot ${slot}`;
  return new EngineFailed(`Deleted rows are still in the write-ahead log, kept by ${keeper}; run forget again later.`);
};

/** Of a backup; it ends with the backup. */
export const BACKUP_SLOT = 'backup';
