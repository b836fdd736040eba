import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type { Standing } from '../user/userState.js';
import { type AccountRow, lockAccount } from './accountRow.js';
import type { FactDeps } from './factDeps.js';
import { addRevocationBefore } from './revocationRow.js';

/** `stale`: the account is at this revision or a later one. `erased`: the account is erased. `absent`: no such account. */
export type Settled = 'written' | 'stale' | 'erased' | 'absent';

/**
 * Writes status, roles, epoch and `sessions_from` of a user as of `revision` into the vault. Then it deletes sessions older
 * than `sessions_from` and, if the epoch rose, revokes the older access tokens. The account is updated first: sessions are
 * inserted under a lock on its row, so none can start in between.
 *
 * Commands call it after every append, and also when they decide nothing, because an earlier attempt may have appended and
 * then crashed. The reconciler calls it for what no command settled. A lower revision never replaces a higher one. For
 * erased users, `eraseAccount` is called instead.
 */
export const settle = async (
  deps: Pick<FactDeps, 'vault' | 'crashPoint'>,
  userId: string,
  revision: bigint,
  standing: Standing,
): Promise<Settled> => {
  // Most events change no standing; for them, one statement is enough.
  if (await raiseRevision(deps.vault, userId, revision, standing)) return 'written';
  return withTransaction(deps.vault, async (tx) => {
    const account = await lockAccount(tx, userId);
    if (account === undefined) return 'absent';
    if (account.status === 'erased') return 'erased';
    if (account.revision >= revision) return 'stale';
    await write(tx, account, revision, standing, deps.crashPoint);
    return 'written';
  });
};

const write = async (
  tx: Transaction,
  account: AccountRow,
  revision: bigint,
  { status, roles, epoch, sessionsFrom }: Standing,
  crashPoint: FactDeps['crashPoint'],
): Promise<void> => {
  await tx.query(
    'update account set status = $2, roles = $3, revision = $4, epoch = $5, sessions_from = $6 where user_id = $1',
    [account.userId, status, roles, String(revision), String(epoch), String(sessionsFrom)],
  );
  crashPoint?.('account-written');
  if (sessionsFrom > account.sessionsFrom)
    await tx.query('delete from session where user_id = $1 and epoch < $2', [account.userId, String(sessionsFrom)]);
  crashPoint?.('sessions-deleted');
  if (epoch > account.epoch) await addRevocationBefore(tx, account.userId, epoch);
};

/**
 * Raises the revision of an account whose standing does not change. Commits without waiting for the disk: if a crash loses
 * it, the account is settled again.
 *
 * @returns false if there is no such row or its standing changes too.
 */
const raiseRevision = async (
  tx: Transaction,
  userId: string,
  revision: bigint,
  { status, roles, epoch, sessionsFrom }: Standing,
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'raise-revision',
    text: `update account set revision = $2 from (select set_config('synchronous_commit', 'off', true)) as unflushed
           where user_id = $1 and revision < $2 and status = $3 and roles = $4 and epoch = $5 and sessions_from = $6`,
    values: [userId, String(revision), status, roles, String(epoch), String(sessionsFrom)],
  });
  return rowCount === 1;
};
