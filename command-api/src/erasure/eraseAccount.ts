import { randomUUID } from 'node:crypto';
import { erasureNoticePlace } from '@ums/contracts/erasureNotice';
import { addressMac } from '@ums/identity/addressMac';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import { newDataKey, sealWith } from '@ums/kit/sealing/sealing';
import { lockAccount } from '../account/accountRow.js';
import { markErased } from '../account/accountWrites.js';
import { destroyKey, insertKey } from '../account/dataKeyRow.js';
import type { FactDeps } from '../account/factDeps.js';
import { addRevocationBefore } from '../account/revocationRow.js';
import type { Settled } from '../account/settle.js';
import { deletePersonalRows, type ErasedPerson } from './deletePersonalRows.js';
import { addErasureNotice } from './erasureNoticeRow.js';
import { addErasure } from './erasureRow.js';
import { addReceipt, type ReceiptedErasure } from './receiptRow.js';

export interface Erasure extends ErasedPerson, ReceiptedErasure {
  /** Revision of `UserErasureStarted`, which becomes the final epoch of the account. */
  revision: bigint;
  /** Address for the erasure notice. `undefined` when it can no longer be unsealed; then no notice is mailed. */
  address: string | undefined;
  /** Time of `UserErased`. If the log already holds it, the vault was restored, and a finished erasure is repeated. */
  finishedAt: Date | undefined;
}

const NOTICE_MS = 3_600_000;

/**
 * Applies `UserErasureStarted` to the vault in one transaction. It destroys the data key, which makes every personal field
 * of the stream unreadable; deletes the user's rows; and records the erasure notice, the work left outside the vault, and the
 * receipt. Idempotent: a repeat keeps the receipt. A vault restored to a point before the erasure gets a new receipt, which
 * tells of the erasure in that vault; the earlier id is unknown to it.
 */
export const eraseAccount = async (deps: FactDeps, erasure: Erasure): Promise<Settled> => {
  const { userId } = erasure;
  const settled = await withTransaction(deps.vault, async (tx): Promise<Settled> => {
    const account = await lockAccount(tx, userId);
    if (account?.status === 'erased') {
      // It has none if it was erased by a version that made none.
      await addReceipt(tx, erasure, deps.clock.now());
      return 'erased';
    }
    await markErased(tx, userId, erasure.revision);
    await destroyKey(tx, userId, deps.clock.now());
    deps.crashPoint?.('account-written');
    const { registrationIds, blockedMacs } = await deletePersonalRows(tx, deps, erasure);
    // A vault restored to a point before the confirmation has no account: the tombstone is enough.
    if (account === undefined) {
      await addReceipt(tx, erasure, deps.clock.now());
      return 'absent';
    }
    const isFinished = erasure.finishedAt !== undefined;
    if (erasure.address !== undefined && !isFinished && !isAmong(blockedMacs, deps, erasure.address))
      await recordNotice(tx, deps, userId, erasure.address);
    if (!isFinished) await addErasure(tx, { userId, registrationIds });
    await addReceipt(tx, erasure, deps.clock.now());
    await addRevocationBefore(tx, userId, erasure.revision);
    return 'written';
  });
  deps.keys.evict(userId);
  deps.crashPoint?.('erasure-written');
  return settled;
};

/** The block is deleted with the other rows, so the notifier would not know that the address gets no mail. */
const isAmong = (macs: readonly Buffer[], { addressKey }: Pick<FactDeps, 'addressKey'>, address: string): boolean =>
  macs.some((mac) => mac.equals(addressMac(addressKey, address)));

const recordNotice = async (tx: Transaction, deps: FactDeps, userId: string, address: string): Promise<void> => {
  const id = randomUUID();
  const key = newDataKey();
  await insertKey(tx, id, deps.masterKeys.wrap(id, key));
  await addErasureNotice(tx, {
    ...{ id, userId, expiresAt: new Date(deps.clock.now().getTime() + NOTICE_MS) },
    address: sealWith(key, erasureNoticePlace(id), address, deps.masterKeys.id),
  });
};
