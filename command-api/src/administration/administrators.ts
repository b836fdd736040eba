import type { Transaction } from '@ums/kit/postgres/transaction';
import { ACCOUNT_COLUMNS, type AccountRow, type StoredAccount, toAccount } from '../account/accountRow.js';

/** The account with this current address, whether or not its registration is completed. */
export const findAccountByAddress = async (tx: Transaction, addressMac: Buffer): Promise<AccountRow | undefined> => {
  const columns = ACCOUNT_COLUMNS.replace('user_id', 'account.user_id');
  const sql = `select ${columns} from address join account using (user_id) where mac = $1 and state = 'current'`;
  const { rows } = await tx.query<StoredAccount>(sql, [addressMac]);
  return rows[0] && toAccount(rows[0]);
};

/** The number of active administrators other than this user. */
export const countOtherAdministrators = async (tx: Transaction, userId: string): Promise<number> => {
  const sql =
    "select count(*)::int as count from account where status = 'active' and 'admin' = any (roles) and user_id <> $1";
  const { rows } = await tx.query<{ count: number }>(sql, [userId]);
  return rows[0]?.count ?? 0;
};
