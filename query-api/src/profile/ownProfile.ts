import type { UserBody } from '@ums/contracts/http/user';
import { isErasedUser } from '@ums/identity/vault/isErasedUser';
import { Refused } from '@ums/kit/refused';
import { consistently } from '../consistency/consistently.js';
import { wantedPoint } from '../consistency/wantedPoint.js';
import type { QueryDeps } from '../queryDeps.js';
import { readProfile } from './readProfile.js';
import { shownProfile } from './shownProfile.js';

/**
 * The caller's own profile. Its token proves that the account exists, so no row means: not folded yet, or just erased.
 *
 * @throws Refused `not-yet-visible`, `profile-unavailable`, `unauthenticated` (erased).
 */
export const ownProfile = async (
  { read, vault, watch }: Pick<QueryDeps, 'read' | 'vault' | 'watch'>,
  userId: string,
  token: string | undefined,
): Promise<UserBody> => {
  const found = await consistently(wantedPoint(token), watch, () => readProfile(read, userId));
  if (found !== 'none') return shownProfile(found);
  throw (await isErasedUser(vault, userId))
    ? new Refused('unauthenticated')
    : new Refused('not-yet-visible', { retryAfterSeconds: 1 });
};
