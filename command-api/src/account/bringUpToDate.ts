import type { FactDeps } from '../commandDeps.js';
import { carryOutErasure } from '../erasure/carryOutErasure.js';
import type { LoadedUser } from '../facts/loadFacts.js';
import { lastAddress } from '../user/lastAddress.js';
import { type Settled, settle } from './settle.js';

/**
 * Makes the vault agree with a user's stream as loaded: settles it, or carries out the erasure it demands. For every
 * command after its append, whether or not it decided anything, and for the keeper.
 */
export const bringUpToDate = async (deps: FactDeps, loaded: LoadedUser): Promise<Settled> => {
  const { userId, revision, state } = loaded;
  if (revision === undefined || state.status === 'unknown') return 'stale';
  if (state.status !== 'erased') return settle(deps, userId, revision, state);
  return carryOutErasure(deps, {
    ...{ userId, revision: state.epoch, finished: state.finished },
    address: lastAddress(loaded.facts),
    registrationId: loaded.facts.find((fact) => fact.type === 'UserRegistered')?.data.registrationId,
  });
};
