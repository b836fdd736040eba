import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type { Standing } from '../user/userState.js';
import { type AccountRow, lockAccount } from './accountRow.js';
import { raiseRevision, updateStanding } from './accountWrites.js';
import { type UserAddresses, writeAddresses } from './addressRow.js';
import type { FactDeps } from './factDeps.js';
import { deleteMailBlocks, type UserMailBlocks, writeMailBlocks } from './mailBlockRow.js';
import { addRevocationBefore } from './revocationRow.js';
import { deleteSessionsBefore } from './sessionRemoval.js';

/** `current`: the account is at this revision or a later one. `erased`: the account is erased. `absent`: no such account or user. */
export type Settled = 'written' | 'current' | 'erased' | 'absent';

/**
 * Writes status, roles, epoch and `sessions_from` of a user as of `revision` into the vault. Then it deletes sessions older
 * than `sessions_from`, writes the addresses and their mail blocks if they changed and, if the epoch rose, revokes the older
 * access tokens. The account is updated first: sessions are inserted under a lock on its row, so none can start in between.
 *
 * Commands call it after every append, and also when they decide nothing, because an earlier attempt may have appended and
 * then crashed. The reconciler calls it for what no command settled. A lower revision never replaces a higher one. For
 * erased users, `eraseAccount` is called instead.
 *
 * @param personal gives the user's addresses and their mail blocks as of `revision`; `undefined` when they cannot be unsealed, and
 * then they are left as they are.
 */
export const settle = async (
  deps: Pick<FactDeps, 'vault' | 'crashPoint' | 'log'>,
  userId: string,
  revision: bigint,
  standing: Standing,
  personal: PersonalRows = {},
): Promise<Settled> => {
  // Most events change no standing; for them, one statement is enough.
  if (await raiseRevision(deps.vault, userId, revision, standing)) return 'written';
  return withTransaction(deps.vault, async (tx) => {
    const account = await lockAccount(tx, userId);
    if (account === undefined) return 'absent';
    if (account.status === 'erased') return 'erased';
    if (account.revision >= revision) return 'current';
    await write(tx, account, { revision, standing, personal }, deps);
    return 'written';
  });
};

/** Each is asked only if its rows have to be written. */
export interface PersonalRows {
  addresses?: () => UserAddresses | undefined;
  mailBlocks?: () => UserMailBlocks | undefined;
}

interface Settling {
  revision: bigint;
  standing: Standing;
  personal: PersonalRows;
}

const write = async (
  tx: Transaction,
  { userId, ...before }: AccountRow,
  { revision, standing, personal }: Settling,
  { crashPoint, log }: Pick<FactDeps, 'crashPoint' | 'log'>,
): Promise<void> => {
  const { epoch, sessionsFrom } = standing;
  const moved = standing.addressFrom > before.addressFrom ? personal.addresses?.() : undefined;
  const addressFrom = moved === undefined ? before.addressFrom : standing.addressFrom;
  const mailBlocks = standing.mailBlocksFrom > before.mailBlocksFrom ? personal.mailBlocks?.() : undefined;
  const mailBlocksFrom = mailBlocks === undefined ? before.mailBlocksFrom : standing.mailBlocksFrom;
  await updateStanding(tx, userId, revision, { ...standing, addressFrom, mailBlocksFrom });
  crashPoint?.('account-written');
  if (sessionsFrom > before.sessionsFrom) await deleteSessionsBefore(tx, userId, sessionsFrom);
  crashPoint?.('sessions-deleted');
  if (moved !== undefined && !(await writeAddresses(tx, userId, moved)))
    log.error('the address of a user belongs to another user', { userId, revision });
  // The address was proven: a link that was mailed to it was used.
  if (moved !== undefined) await deleteMailBlocks(tx, [moved.current]);
  if (mailBlocks !== undefined) await writeMailBlocks(tx, userId, mailBlocks);
  crashPoint?.('addresses-written');
  if (epoch > before.epoch) await addRevocationBefore(tx, userId, epoch);
};
