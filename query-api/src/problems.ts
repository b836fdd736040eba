import type { Problems } from '@ums/kit/http/problems';

/** Problems that only this service returns, besides those of the host. */
export const QUERY_PROBLEMS = {
  'user-erased': [410, 'The user was erased'],
  'profile-unavailable': [503, 'This profile is not available at the moment'],
} as const satisfies Problems;
