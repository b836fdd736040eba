import type { Role } from '@ums/contracts/roles';
import type { Transaction } from '@ums/kit/postgres/transaction';
import type { Standing } from '../user/userState.js';

export interface AccountRow {
  userId: string;
  registrationId: string;
  status: 'registering' | 'active' | 'suspended' | 'erased';
  roles: Role[];
  /** Of the last event of `user-<id>` the row knows; -1 before the first. */
  revision: bigint;
  epoch: bigint;
  sessionsFrom: bigint;
}

interface Row {
  user_id: string;
  registration_id: string;
  status: AccountRow['status'];
  roles: Role[];
  revision: string;
  epoch: string;
  sessions_from: string;
}

const COLUMNS = 'user_id, registration_id, status, roles, revision, epoch, sessions_from';

const toAccount = (row: Row): AccountRow => ({
  userId: row.user_id,
  registrationId: row.registration_id,
  status: row.status,
  roles: row.roles,
  revision: BigInt(row.revision),
  epoch: BigInt(row.epoch),
  sessionsFrom: BigInt(row.sessions_from),
});

/**
 * Locks an account's row: the first statement of every transaction that is about an account. Whoever calls refuses when
 * it is `erased`. `for no key update` waits for session inserts (`for share`), not for foreign keys.
 */
export const lockAccount = async (tx: Transaction, userId: string): Promise<AccountRow | undefined> => {
  const sql = `select ${COLUMNS} from account where user_id = $1 for no key update`;
  const { rows } = await tx.query<Row>(sql, [userId]);
  return rows[0] && toAccount(rows[0]);
};

/** The user whose current address this is, confirmed or about to be. */
export const findOwner = async (tx: Transaction, addressMac: Buffer): Promise<AccountRow | undefined> => {
  const columns = COLUMNS.replace('user_id', 'account.user_id');
  const sql = `select ${columns} from address join account using (user_id) where mac = $1 and state = 'current'`;
  const { rows } = await tx.query<Row>(sql, [addressMac]);
  return rows[0] && toAccount(rows[0]);
};

/** Revisions the vault knows, by user; users without account are absent. */
export const settledRevisions = async (tx: Transaction, userIds: string[]): Promise<Map<string, bigint>> => {
  const sql = 'select user_id, revision from account where user_id = any($1::uuid[])';
  const { rows } = await tx.query<Pick<Row, 'user_id' | 'revision'>>(sql, [userIds]);
  return new Map(rows.map((row) => [row.user_id, BigInt(row.revision)]));
};

/**
 * Moves the revision of an account whose standing is this already. Not flushed to disk by itself: lost with a crash, it
 * is only settled again.
 *
 * @returns false when there is no such row, or more to write than that.
 */
export const moveRevision = async (
  tx: Transaction,
  userId: string,
  revision: bigint,
  { status, roles, epoch, sessionsFrom }: Standing,
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'move-revision',
    text: `update account set revision = $2 from (select set_config('synchronous_commit', 'off', true)) as unflushed
           where user_id = $1 and revision < $2 and status = $3 and roles = $4 and epoch = $5 and sessions_from = $6`,
    values: [userId, String(revision), status, roles, String(epoch), String(sessionsFrom)],
  });
  return rowCount === 1;
};

/** How many hold the power of an administrator, besides one user. */
export const countOtherAdministrators = async (tx: Transaction, userId: string): Promise<number> => {
  const sql =
    "select count(*)::int as count from account where status = 'active' and 'admin' = any (roles) and user_id <> $1";
  const { rows } = await tx.query<{ count: number }>(sql, [userId]);
  return rows[0]?.count ?? 0;
};

/** The end of an account: the row stays, so that its id is never used again. */
export const markErased = (tx: Transaction, userId: string, revision: bigint) =>
  tx.query(
    `update account set status = 'erased', roles = '{}', revision = $2, epoch = $2, sessions_from = $2
     where user_id = $1`,
    [userId, String(revision)],
  );

/** Begins an account for a claimed registration, unless it has begun. */
export const beginAccount = (tx: Transaction, userId: string, registrationId: string) =>
  tx.query(
    `insert into account (user_id, registration_id, status) values ($1, $2, 'registering') on conflict do nothing`,
    [userId, registrationId],
  );
