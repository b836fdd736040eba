import { inBatches } from '@ums/kit/postgres/inBatches';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** The address that gets the notice of a finished erasure. Stored in the table `farewell`. */
export interface ErasureNotice {
  id: string;
  userId: string;
  /** Sealed under the notice's own data key. */
  address: string;
  expiresAt: Date;
}

/** Stores a notice. No-op if it exists, so that an erasure can be repeated. */
export const addErasureNotice = (tx: Transaction, { id, userId, address, expiresAt }: ErasureNotice) =>
  tx.query({
    name: 'insert-erasure-notice',
    text: 'insert into farewell (id, user_id, address, expires_at) values ($1, $2, $3, $4) on conflict do nothing',
    values: [id, userId, address, expiresAt],
  });

/** Deletes expired erasure notices together with their data keys. */
export const sweepErasureNotices = (vault: Transaction, now: Date): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-erasure-notices',
      text: `select end_farewell(id) from (
               select id from farewell where expires_at <= $1 limit $2 for update skip locked) as expired`,
      values: [now, limit],
    }),
  );
