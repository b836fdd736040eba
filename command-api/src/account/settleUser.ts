import type { FactDeps } from '../commandDeps.js';
import { lastAddress } from '../user/lastAddress.js';
import type { LoadedUser } from '../user/loadUser.js';
import { eraseAccount } from './eraseAccount.js';
import { type Settled, settle } from './settle.js';

/**
 * Makes the vault agree with a user's stream as loaded: settles the account, or erases it where the stream demands that.
 * Called by every command after its append, whether or not it decided anything, and by the reconciler.
 */
export const settleUser = async (deps: FactDeps, loaded: LoadedUser): Promise<Settled> => {
  const { userId, revision, state } = loaded;
  if (revision === undefined || state.status === 'unknown') return 'stale';
  if (state.status !== 'erased') return settle(deps, userId, revision, state);
  return eraseAccount(deps, {
    ...{ userId, revision: state.epoch, finished: state.finished },
    address: lastAddress(loaded.facts),
    registrationId: loaded.facts.find((fact) => fact.type === 'UserRegistered')?.data.registrationId,
  });
};
