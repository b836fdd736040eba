import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type { FactDeps } from '../commandDeps.js';
import type { Standing } from '../user/userState.js';
import { type AccountRow, lockAccount, moveRevision } from '../vault/account.js';
import { revokeBefore } from '../vault/revocation.js';
import { endSessionsBefore } from '../vault/session.js';

/** `stale`: the vault knew that much or more already. `erased`: the person is gone. `absent`: there is no such account. */
export type Settled = 'written' | 'stale' | 'erased' | 'absent';

/**
 * Writes into the vault what a user's stream says at revision `revision`: status, roles, epoch, `sessions_from`; then
 * ends the sessions older than that; then, if the epoch rose, revokes the access tokens older than that. Account first,
 * deletes after: a session is inserted under a lock on the account, so none can slip in between.
 *
 * For commands after every append *and when they decided nothing* (the append may have been an earlier attempt's), and
 * for the keeper. Only ever moves forward. An erasure is not settled but carried out: see `erasure/`.
 */
export const settle = async (
  deps: Pick<FactDeps, 'vault' | 'crashPoint'>,
  userId: string,
  revision: bigint,
  standing: Standing,
): Promise<Settled> => {
  // Most events change no standing: for them one statement is the whole of it.
  if (await moveRevision(deps.vault, userId, revision, standing)) return 'written';
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
  if (sessionsFrom > account.sessionsFrom) await endSessionsBefore(tx, account.userId, sessionsFrom);
  crashPoint?.('sessions-deleted');
  if (epoch > account.epoch) await revokeBefore(tx, account.userId, epoch);
};
