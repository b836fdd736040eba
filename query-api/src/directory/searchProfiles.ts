import type { UserPage } from '@ums/contracts/http/directory';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import type { Statement } from '@ums/kit/postgres/guardedQuery';
import { type CheckpointColumns, pointOf, type Snapshot } from '../consistency/snapshot.js';
import { PROFILE_COLUMNS, PROFILE_TABLE, type ProfileColumns, type ReadDeps } from '../profile/profileRow.js';
import { COUNT_TABLE, type FillingColumn, IS_FILLING, requireFilled, TERM_TABLE } from './directoryTables.js';
import { formatTermCursor, type PageCursor, type PageRequest } from './pageCursor.js';
import { pageRange } from './pageRange.js';
import { ANY_TIME, type UserFilter } from './userFilter.js';
import { userPage } from './userPage.js';

interface Row extends CheckpointColumns, FillingColumn, ProfileColumns {
  term: string;
  /** Number of matches that the statement looked at, and the last of them. */
  looked_at: number;
  last_term: string | null;
  last_user_id: string | null;
}

/** Matches to look at for a page of those that registered at certain times: terms are not ordered by time. */
const LOOK_AT = 250;
/** Behind every text that begins with a prefix: no text has this code point, a noncharacter. */
const LAST_CODE_POINT = '\u{10FFFF}';

const ORDER = { after: 'term, user_id', before: 'term desc, user_id desc' } as const;
const REVERSE = { after: ORDER.before, before: ORDER.after } as const;

/**
 * A user who is found by several terms is listed at the first of them. The subquery for it is correlated on purpose: the
 * planner could turn a join into a scan of all terms.
 */
const searchQuery = (direction: PageRequest['direction']): string => `
  with candidate as materialized (
    select found.* from ${COUNT_TABLE} as counted cross join lateral (
      select entry.term, entry.user_id from ${TERM_TABLE} as entry
      where entry.standing = counted.standing
        and (entry.term, entry.user_id) > ($3, $4::uuid) and (entry.term, entry.user_id) < ($5, $6::uuid)
        and entry.term =
          (select min(term) from ${TERM_TABLE} as own where own.user_id = entry.user_id and own.term >= $7)
      order by ${ORDER[direction]} limit $8
    ) as found
    where counted.users > 0 and (counted.standing & $9::smallint) = $10::smallint
    order by ${ORDER[direction]} limit $8
  )
  select checkpoint.position as checkpoint_position, checkpoint.log_id as checkpoint_log_id, ${IS_FILLING},
    (select count(*)::int from candidate) as looked_at, last.term as last_term, last.user_id as last_user_id,
    profile.term, ${PROFILE_COLUMNS}
  from read.checkpoint
  left join lateral (select * from candidate order by ${REVERSE[direction]} limit 1) as last on true
  left join lateral (
    select candidate.term, stored.* from candidate join ${PROFILE_TABLE} as stored using (user_id)
    where stored.registered_at between $11::timestamptz and $12::timestamptz
    order by ${ORDER[direction]} limit $2
  ) as profile on true
  where checkpoint.name = $1 order by ${ORDER[direction]}`;

/**
 * Reads one page of the users with a term that begins with the prefix, in order of the terms. The cost of a page has an
 * upper bound that does not depend on the number of users. If the filter has times, the page may hold fewer users than it
 * could, or none, before the last page.
 */
export const searchProfiles = async (
  { read, pictureUrls }: ReadDeps,
  request: PageRequest,
  filter: UserFilter & { prefix: string },
): Promise<Snapshot<UserPage>> => {
  const rows = await read<Row>(searchStatement(request, filter));
  const [first] = rows;
  requireFilled(first);
  const found = rows.filter(({ user_id }) => (user_id as string | null) !== null);
  const stoppedAt = first?.looked_at === lookedAt(request, filter) ? lastOf(first) : undefined;
  const place = { of: placeOf, format: formatTermCursor };
  const value = await userPage(request, { rows: found, stoppedAt }, place, pictureUrls);
  return { point: pointOf(first), value };
};

const searchStatement = (request: PageRequest, filter: UserFilter & { prefix: string }): Statement => {
  const { prefix, standing = { mask: 0, value: 0 }, registered } = filter;
  const range = pageRange(request, [prefix, prefix + LAST_CODE_POINT]);
  const filters = [prefix, lookedAt(request, filter), standing.mask, standing.value, ...registered];
  return {
    name: `search-users-${request.direction}`,
    text: searchQuery(request.direction),
    values: [USER_PROFILE_PROJECTION, request.limit + 1, ...range, ...filters],
  };
};

/** Without times, every match is shown: one more than the page shows whether the search goes on. */
const lookedAt = ({ limit }: PageRequest, { registered: [from, to] }: UserFilter): number =>
  from === ANY_TIME[0] && to === ANY_TIME[1] ? limit + 1 : LOOK_AT;

const placeOf = ({ term, user_id }: Row): PageCursor => ({ key: term, userId: user_id });

const lastOf = ({ last_term: key, last_user_id: userId }: Row): PageCursor | undefined =>
  key === null || userId === null ? undefined : { key, userId };
