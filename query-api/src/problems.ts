import type { Problems } from '@ums/kit/http/problems';

/** What the routes of this service refuse with, beside the host's own. */
export const QUERY_PROBLEMS = {
  'profile-unavailable': [503, 'This profile cannot be shown at the moment'],
} as const satisfies Problems;
