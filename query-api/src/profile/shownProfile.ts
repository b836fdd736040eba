import type { UserBody } from '@ums/contracts/http/user';
import { Refused } from '@ums/kit/refused';
import type { FoundProfile } from './readProfile.js';

/** Minutes, not seconds: a parked profile waits for somebody to mend it. */
const LOOK_AGAIN_SECONDS = 60;

/** @throws Refused `not-found`, `profile-unavailable` */
export const shownProfile = (found: FoundProfile): UserBody => {
  if (found === 'none') throw new Refused('not-found');
  if (found === 'parked') throw new Refused('profile-unavailable', { retryAfterSeconds: LOOK_AGAIN_SECONDS });
  return found;
};
