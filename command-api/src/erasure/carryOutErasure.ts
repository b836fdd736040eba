import { randomUUID } from 'node:crypto';
import { farewellPlace } from '@ums/contracts/farewell';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import { newDataKey, sealWith } from '@ums/kit/sealing/sealing';
import type { Settled } from '../account/settle.js';
import type { FactDeps } from '../commandDeps.js';
import { deleteAttemptsAt } from '../limits/attempts.js';
import { accountOf, bucketsOf } from '../limits/buckets.js';
import { lockAccount, markErased } from '../vault/account.js';
import { addressesOf, deleteAddresses } from '../vault/address.js';
import { destroyKey, insertKey } from '../vault/dataKey.js';
import { addErasure } from '../vault/erasure.js';
import { addFarewell } from '../vault/farewell.js';
import { deleteMailRequests } from '../vault/mailRequest.js';
import { deleteRegistrationsOf } from '../vault/registration.js';
import { revokeBefore } from '../vault/revocation.js';
import { endAllSessions } from '../vault/session.js';

export interface Erasure {
  userId: string;
  /** Of `UserErasureStarted`: the last epoch there will be. */
  revision: bigint;
  /** Where the goodbye goes; `undefined` when it cannot be read any more, and nobody is mailed. */
  address: string | undefined;
  registrationId: string | undefined;
  /** Whether `UserErased` is in the log already: then this is a restored vault being told again. */
  finished: boolean;
}

const FAREWELL_MS = 3_600_000;

/**
 * What the vault does about `UserErasureStarted`, in one transaction: the data key is gone, and with it every personal
 * field of the stream; addresses, sessions, registrations, wishes and attempts are gone; a farewell and the rest of the
 * work are noted. Idempotent.
 */
export const carryOutErasure = async (deps: FactDeps, erasure: Erasure): Promise<Settled> => {
  const { userId } = erasure;
  const settled = await withTransaction(deps.vault, async (tx): Promise<Settled> => {
    const account = await lockAccount(tx, userId);
    if (account?.status === 'erased') return 'erased';
    await markErased(tx, userId, erasure.revision);
    await destroyKey(tx, userId, deps.clock.now());
    deps.crashPoint?.('account-written');
    await deleteTraces(tx, deps, erasure);
    // A vault restored to before the confirmation has no account, and must not learn of this person again either.
    if (account === undefined) return 'absent';
    if (erasure.address !== undefined && !erasure.finished) await noteFarewell(tx, deps, userId, erasure.address);
    if (!erasure.finished) await addErasure(tx, userId);
    await revokeBefore(tx, userId, erasure.revision);
    return 'written';
  });
  deps.keys.forget(userId);
  deps.crashPoint?.('erasure-written');
  return settled;
};

/** Registrations before addresses, as confirmations lock them: the other way round, two could wait for each other. */
const deleteTraces = async (tx: Transaction, { addressKey }: FactDeps, { userId, registrationId }: Erasure) => {
  const macs = await addressesOf(tx, userId);
  await endAllSessions(tx, userId);
  await deleteRegistrationsOf(tx, registrationId, macs);
  await deleteAddresses(tx, userId);
  await deleteMailRequests(tx, macs);
  for (const mac of macs) await deleteAttemptsAt(tx, bucketsOf(addressKey).account(accountOf(mac)));
};

const noteFarewell = async (tx: Transaction, deps: FactDeps, userId: string, address: string): Promise<void> => {
  const id = randomUUID();
  const key = newDataKey();
  await insertKey(tx, id, deps.masterKeys.wrap(id, key));
  await addFarewell(tx, {
    ...{ id, userId, expiresAt: new Date(deps.clock.now().getTime() + FAREWELL_MS) },
    address: sealWith(key, farewellPlace(id), address, deps.masterKeys.id),
  });
};
