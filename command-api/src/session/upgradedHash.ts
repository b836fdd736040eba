import { Refused } from '@ums/kit/refused';
import { type Caller, causedBy } from '../facts/cause.js';
import { type ChangedUser, handle } from '../facts/handle.js';
import type { LoadedUser } from '../facts/loadFacts.js';
import { decide } from '../user/decide.js';
import type { SessionDeps } from './sessionDeps.js';

/**
 * Hashes a password anew where its stored hash is outdated. A by-work of login: whatever comes in between drops
 * it, and the next login tries again.
 *
 * @returns the user with the new hash; `undefined` when nothing was written.
 */
export const upgradedHash = async (
  deps: SessionDeps,
  { userId, revision }: LoadedUser,
  { password, hash }: { password: string; hash: string },
  caller: Caller,
): Promise<ChangedUser | undefined> => {
  if (!deps.passwords.outdated(hash)) return undefined;
  try {
    const passwordHash = await deps.passwords.hash(password);
    return await handle(deps, {
      userId,
      decide: (state) => decide({ type: 'UpgradePasswordHash', verifiedHash: hash, passwordHash }, state),
      cause: causedBy(caller, { kind: 'user', id: userId }),
      ifMatch: revision,
    });
  } catch (error) {
    const reason = error instanceof Refused ? error.slug : 'failed';
    deps.log.warn('password hash not upgraded', { userId, reason, error });
    return undefined;
  }
};
