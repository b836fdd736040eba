import type { Role } from '@ums/contracts/roles';
import type { Transaction } from '@ums/kit/postgres/transaction';

export interface AccountRow {
  userId: string;
  registrationId: string;
  status: 'registering' | 'active' | 'suspended' | 'erased';
  roles: Role[];
  /** Revision of the last event of `user-<id>` settled into the row; -1 before the first. */
  revision: bigint;
  epoch: bigint;
  sessionsFrom: bigint;
}

export interface StoredAccount {
  user_id: string;
  registration_id: string;
  status: AccountRow['status'];
  roles: Role[];
  revision: string;
  epoch: string;
  sessions_from: string;
}

/** The columns of {@link StoredAccount}. */
export const ACCOUNT_COLUMNS = 'user_id, registration_id, status, roles, revision, epoch, sessions_from';

/** Converts a row; 64-bit numbers come as text. */
export const toAccount = (row: StoredAccount): AccountRow => ({
  userId: row.user_id,
  registrationId: row.registration_id,
  status: row.status,
  roles: row.roles,
  revision: BigInt(row.revision),
  epoch: BigInt(row.epoch),
  sessionsFrom: BigInt(row.sessions_from),
});

/**
 * Locks an account's row: the first statement of every transaction about an account. The caller must refuse an account that
 * is `erased`. `for no key update` waits for session inserts (`for share`), not for foreign keys.
 */
export const lockAccount = async (tx: Transaction, userId: string): Promise<AccountRow | undefined> => {
  const sql = `select ${ACCOUNT_COLUMNS} from account where user_id = $1 for no key update`;
  const { rows } = await tx.query<StoredAccount>(sql, [userId]);
  return rows[0] && toAccount(rows[0]);
};
