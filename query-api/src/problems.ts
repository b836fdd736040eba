import type { Problems } from '@ums/kit/http/problem/problems';

/** Problems that only this service returns, besides those of the host. */
export const QUERY_PROBLEMS = {
  'not-acceptable': [406, 'The route answers in none of the media types asked for'],
  'too-many-attempts': [429, 'Too many attempts; try again later'],
  'user-erased': [410, 'The user was erased'],
  'not-signed-yet': [503, 'The notary has not signed this yet'],
  'profile-unavailable': [503, 'This profile is not available at the moment'],
} as const satisfies Problems;
