import type { Role } from '@ums/contracts/roles';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** The account data that the access tokens of a session carry. */
export interface SessionHolder {
  userId: string;
  roles: Role[];
  epoch: bigint;
}

export interface SessionHolderRow {
  user_id: string;
  roles: Role[];
  epoch: string;
}

/** Converts a row; 64-bit numbers come as text. */
export const toSessionHolder = (row: SessionHolderRow | undefined): SessionHolder | undefined =>
  row && { userId: row.user_id, roles: row.roles, epoch: BigInt(row.epoch) };

/** A session that can still be used: neither expired nor ended, on an active account. */
export interface LiveSession extends SessionHolder {
  generation: number;
  rotatedAt: Date;
}

/** One query without a lock: a revocation that commits concurrently takes effect at the next call. */
export const findLiveSession = async (
  vault: Transaction,
  sessionId: string,
  now: Date,
): Promise<LiveSession | undefined> => {
  const { rows } = await vault.query<SessionHolderRow & { generation: number; rotated_at: Date }>({
    name: 'find-live-session',
    text: `select user_id, roles, account.epoch, generation, rotated_at from session join account using (user_id)
           where session.id = $1 and expires_at > $2 and status = 'active' and session.epoch >= sessions_from`,
    values: [sessionId, now],
  });
  const [row] = rows;
  const holder = toSessionHolder(row);
  return row && holder && { ...holder, generation: row.generation, rotatedAt: row.rotated_at };
};
