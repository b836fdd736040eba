import { type Sight, seenThrough } from '../history/sight.js';
import type { UserProfile } from '../reducers/userProfile.js';
import type { PastUserBody } from './history.js';
import { userBody } from './userBody.js';

/**
 * The body of a profile of the past, as its reader sees it: every field that holds a sealed value is opened, masked or erased.
 * Without links, because pictures of the past are deleted.
 */
export const pastUserBody = (profile: UserProfile, sight: Sight): PastUserBody =>
  Object.fromEntries(
    Object.entries(userBody(profile, {})).map(([field, value]) => [field, seenThrough(value, sight)]),
  ) as unknown as PastUserBody;
