import type { FactDeps } from '../account/factDeps.js';
import { type Settled, settle } from '../account/settle.js';
import { eraseAccount } from '../erasure/eraseAccount.js';
import { type LoadedUser, lastAddress } from '../user/loadUser.js';
import { userAddresses } from './userAddresses.js';
import { userMailBlocks } from './userMailBlocks.js';

/**
 * Makes the vault agree with a loaded user stream: settles the account, or erases it once the stream holds
 * `UserErasureStarted`. Every command calls it after its append, even if it appended nothing; so does the reconciler.
 */
export const settleUser = async (deps: FactDeps, loaded: LoadedUser): Promise<Settled> => {
  const { userId, revision, state } = loaded;
  if (revision === undefined || state.status === 'unknown') return 'absent';
  if (state.status !== 'erased')
    return settle(deps, userId, revision, state, {
      addresses: () => userAddresses(deps, state),
      mailBlocks: () => userMailBlocks(deps, state),
    });
  const started = loaded.facts.find(({ type }) => type === 'UserErasureStarted' || type === 'UserErased');
  if (started === undefined) throw new Error('an erased user has no event that says so');
  const finished = loaded.facts.find(({ type }) => type === 'UserErased');
  return eraseAccount(deps, {
    ...{ userId, revision: state.epoch, position: started.position, startedAt: new Date(started.metadata.at) },
    finishedAt: finished && new Date(finished.metadata.at),
    address: lastAddress(loaded),
    registrationId: loaded.facts.find((fact) => fact.type === 'UserRegistered')?.data.registrationId,
  });
};
