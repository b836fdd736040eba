import type { FactDeps } from '../account/factDeps.js';
import { type Settled, settle } from '../account/settle.js';
import { eraseAccount } from '../erasure/eraseAccount.js';
import { type LoadedUser, lastAddress } from '../user/loadUser.js';
import { userAddresses } from './userAddresses.js';

/**
 * Makes the vault agree with a loaded user stream: settles the account, or erases it once the stream holds
 * `UserErasureStarted`. Every command calls it after its append, even if it appended nothing; so does the reconciler.
 */
export const settleUser = async (deps: FactDeps, loaded: LoadedUser): Promise<Settled> => {
  const { userId, revision, state } = loaded;
  if (revision === undefined || state.status === 'unknown') return 'absent';
  if (state.status !== 'erased') return settle(deps, userId, revision, state, () => userAddresses(deps, state));
  return eraseAccount(deps, {
    ...{ userId, revision: state.epoch, finished: state.finished },
    address: lastAddress(loaded),
    registrationId: loaded.facts.find((fact) => fact.type === 'UserRegistered')?.data.registrationId,
  });
};
