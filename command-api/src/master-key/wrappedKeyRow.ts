import type { Transaction } from '@ums/kit/postgres/transaction';
import type { WrappedKey } from '@ums/kit/sealing/masterKeys';

/** A data key under another master key than the current one. */
export interface KeyRow extends WrappedKey {
  subject: string;
  /** Whether it was stored after the time given. */
  isNew: boolean;
}

/** How many data keys are not wrapped with this master key, and the vault's time. Erased ones do not count. */
export const countKeysOfOthers = async (
  vault: Transaction,
  currentId: string,
): Promise<{ count: number; now: string }> => {
  const { rows } = await vault.query<{ count: number; now: string }>({
    name: 'count-keys-of-other-master-keys',
    text: 'select count(*)::int as count, now()::text as now from data_key where master_key_id <> $1',
    values: [currentId],
  });
  return rows[0] as { count: number; now: string };
};

/** Locks the next of these keys in the order of their subjects; skips those that others have locked. */
export const lockKeysOfOthers = async (
  tx: Transaction,
  { currentId, after, begun, limit }: { currentId: string; after: string; begun: string; limit: number },
): Promise<KeyRow[]> => {
  const { rows } = await tx.query<KeyRow>({
    name: 'lock-keys-of-other-master-keys',
    text: `select subject, wrapped, master_key_id as "masterKeyId", created_at > $3::timestamptz as "isNew" from data_key
           where subject > $1 and master_key_id <> $2 order by subject limit $4 for update skip locked`,
    values: [after, currentId, begun, limit],
  });
  return rows;
};

export interface Rewrapped extends Pick<WrappedKey, 'wrapped'> {
  subject: string;
  before: Buffer;
}

/** Stores keys under this master key, except where the stored key is not the one it was wrapped from. */
export const rewrapKeys = async (tx: Transaction, keys: readonly Rewrapped[], currentId: string): Promise<void> => {
  await tx.query({
    name: 'rewrap-data-keys',
    text: `update data_key set wrapped = again.wrapped, master_key_id = $4
           from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as again (subject, before, wrapped)
           where data_key.subject = again.subject and data_key.wrapped = again.before`,
    values: [
      keys.map(({ subject }) => subject),
      keys.map(({ before }) => before),
      keys.map(({ wrapped }) => wrapped),
      currentId,
    ],
  });
};
