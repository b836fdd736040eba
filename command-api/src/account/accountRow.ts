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
  /** Revision of the last event settled into the user's addresses. */
  addressFrom: bigint;
  /** Revision of the last event settled into the mail blocks of the user's addresses. */
  mailBlocksFrom: bigint;
}

interface StoredAccount {
  user_id: string;
  registration_id: string;
  status: AccountRow['status'];
  roles: Role[];
  revision: string;
  epoch: string;
  sessions_from: string;
  address_from: string;
  mail_blocks_from: string;
}

/** The columns of {@link StoredAccount}. */
const COLUMNS =
  'account.user_id, registration_id, status, roles, revision, epoch, sessions_from, address_from, mail_blocks_from';

/** Converts a row; 64-bit numbers come as text. */
const toAccount = (row: StoredAccount): AccountRow => ({
  userId: row.user_id,
  registrationId: row.registration_id,
  status: row.status,
  roles: row.roles,
  revision: BigInt(row.revision),
  epoch: BigInt(row.epoch),
  sessionsFrom: BigInt(row.sessions_from),
  addressFrom: BigInt(row.address_from),
  mailBlocksFrom: BigInt(row.mail_blocks_from),
});

/**
 * Locks an account's row: the first statement of every transaction about an account. The caller must refuse an account that
 * is `erased`. `for no key update` waits for session inserts (`for share`), not for foreign keys.
 */
export const lockAccount = async (tx: Transaction, userId: string): Promise<AccountRow | undefined> => {
  const { rows } = await tx.query<StoredAccount>({
    name: 'lock-account',
    text: `select ${COLUMNS} from account where user_id = $1 for no key update`,
    values: [userId],
  });
  return rows[0] && toAccount(rows[0]);
};

/** The account with this current address, whether or not its registration is completed. */
export const findAccountByAddress = async (tx: Transaction, addressMac: Buffer): Promise<AccountRow | undefined> => {
  const { rows } = await tx.query<StoredAccount>({
    name: 'find-account-by-address',
    text: `select ${COLUMNS} from address join account using (user_id) where mac = $1 and state = 'current'`,
    values: [addressMac],
  });
  return rows[0] && toAccount(rows[0]);
};

/** The number of active administrators other than this user. */
export const countOtherAdministrators = async (tx: Transaction, userId: string): Promise<number> => {
  const { rows } = await tx.query<{ count: number }>({
    name: 'count-other-administrators',
    text: `select count(*)::int as count from account
           where status = 'active' and 'admin' = any (roles) and user_id <> $1`,
    values: [userId],
  });
  return rows[0]?.count ?? 0;
};

/** The settled revision of each user who has an account. */
export const settledRevisions = async (tx: Transaction, userIds: string[]): Promise<Map<string, bigint>> => {
  const { rows } = await tx.query<{ user_id: string; revision: string }>({
    name: 'find-settled-revisions',
    text: 'select user_id, revision from account where user_id = any($1::uuid[])',
    values: [userIds],
  });
  return new Map(rows.map((row) => [row.user_id, BigInt(row.revision)]));
};
