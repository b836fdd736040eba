import type { UserBody } from '@ums/contracts/http/user';
import { isErasedUser } from '@ums/identity/vault/isErasedUser';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';
import type { CheckpointWatch } from '../consistency/checkpointWatch.js';
import { readConsistently } from '../consistency/readConsistently.js';
import type { ReadDeps } from './profileRow.js';
import { readProfile, requireProfile } from './readProfile.js';

/** Dependencies of reads of profiles. */
export interface ProfileDeps extends ReadDeps {
  vault: Query;
  watch: CheckpointWatch;
}
const NOT_PROJECTED = { dependency: 'read model', limit: 'profile not projected yet', waitedMs: 0 };

/**
 * The caller's own profile. The access token proves that the account existed, so without a row the account is either not
 * projected yet or erased.
 *
 * @throws Refused `not-yet-visible`, `profile-unavailable`, `unauthenticated` (erased); `validation-failed` for a bad token.
 */
export const ownProfile = async (
  deps: ProfileDeps,
  userId: string,
  consistencyToken: string | undefined,
): Promise<UserBody> => {
  const { vault, watch } = deps;
  const found = await readConsistently(consistencyToken, watch, () => readProfile(deps, userId));
  if (found !== 'none') return requireProfile(found);
  throw (await isErasedUser(vault, userId))
    ? new Refused('unauthenticated')
    : noteWait(new Refused('not-yet-visible', { retryAfterSeconds: 1 }), NOT_PROJECTED);
};
