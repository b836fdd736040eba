import type { Transaction } from '@ums/kit/postgres/transaction';

export interface Farewell {
  id: string;
  userId: string;
  /** Sealed under the data key of the farewell itself. */
  address: string;
  expiresAt: Date;
}

export const addFarewell = (tx: Transaction, { id, userId, address, expiresAt }: Farewell) =>
  tx.query('insert into farewell (id, user_id, address, expires_at) values ($1, $2, $3, $4) on conflict do nothing', [
    ...[id, userId, address, expiresAt],
  ]);

/** Ends farewells whose time is over, row and key together. */
export const sweepFarewells = (tx: Transaction, now: Date) =>
  tx.query('select end_farewell(id) from farewell where expires_at <= $1', [now]);
