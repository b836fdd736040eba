import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type { Standing } from '../user/userState.js';
import { type AccountRow, lockAccount } from './accountRow.js';
import { raiseRevision, updateStanding } from './accountWrites.js';
import type { FactDeps } from './factDeps.js';
import { addRevocationBefore } from './revocationRow.js';
import { deleteSessionsBefore } from './sessionRemoval.js';

/** `current`: the account is at this revision or a later one. `erased`: the account is erased. `absent`: no such account or user. */
export type Settled = 'written' | 'current' | 'erased' | 'absent';

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
    if (account.revision >= revision) return 'current';
    await write(tx, account, revision, standing, deps.crashPoint);
    return 'written';
  });
};

const write = async (
  tx: Transaction,
  { userId, ...before }: AccountRow,
  revision: bigint,
  standing: Standing,
  crashPoint: FactDeps['crashPoint'],
): Promise<void> => {
  const { epoch, sessionsFrom } = standing;
  await updateStanding(tx, userId, revision, standing);
  crashPoint?.('account-written');
  if (sessionsFrom > before.sessionsFrom) await deleteSessionsBefore(tx, userId, sessionsFrom);
  crashPoint?.('sessions-deleted');
  if (epoch > before.epoch) await addRevocationBefore(tx, userId, epoch);
};
