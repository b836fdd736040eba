import { canonicalAddress } from '@ums/contracts/address';
import { searchPrefix } from '@ums/contracts/directory/searchTerms';
import { type StandingFilter, standingFilter } from '@ums/contracts/directory/standing';
import type { UserBody } from '@ums/contracts/http/user';
import { invalid } from '@ums/kit/refused';
import { timeParameter } from '../input/timeParameter.js';

/** The parameters that select users, as sent. */
export interface FilterParameters {
  search?: string | undefined;
  status?: UserBody['status'] | undefined;
  role?: UserBody['roles'][number] | undefined;
  registeredFrom?: string | undefined;
  registeredTo?: string | undefined;
}

/** Which users a list shows. */
export interface UserFilter {
  /** Folded; `undefined` for a list in order of registration. */
  prefix: string | undefined;
  /** `undefined` for users with any status and roles. */
  standing: StandingFilter | undefined;
  /** The first and the last time of registration, in ISO 8601 or as Postgres writes infinity. */
  registered: readonly [string, string];
}

/** Any time of registration. As texts, they stand before and behind all times. */
export const ANY_TIME = ['-infinity', 'infinity'] as const;

/** In code points. */
const MAX_SEARCH = 100;

/** @throws Refused `validation-failed` */
export const userFilter = ({ search, status, role, registeredFrom, registeredTo }: FilterParameters): UserFilter => {
  // A surrogate pair is one character.
  if (search !== undefined && [...search].length > MAX_SEARCH)
    throw invalid('search', `must have at most ${MAX_SEARCH} characters`);
  // A whole address is found in each notation of its domain, as at log-in.
  const prefix = search === undefined ? undefined : searchPrefix(canonicalAddress(search) ?? search);
  if (prefix === '') throw invalid('search', 'must have a visible character');
  const from = timeParameter('registeredFrom', registeredFrom) ?? ANY_TIME[0];
  const to = timeParameter('registeredTo', registeredTo) ?? ANY_TIME[1];
  if (from > to) throw invalid('registeredTo', 'must not be before registeredFrom');
  const standing = standingFilter({ ...(status && { status }), ...(role && { role }) });
  return { prefix, standing: standing.mask === 0 ? undefined : standing, registered: [from, to] };
};
