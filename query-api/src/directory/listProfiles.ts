import type { UserPage } from '@ums/contracts/http/directory';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import type { Statement } from '@ums/kit/postgres/guardedQuery';
import { type CheckpointColumns, pointOf, type Snapshot } from '../consistency/snapshot.js';
import { PROFILE_COLUMNS, PROFILE_TABLE, type ProfileColumns, type ReadDeps } from '../profile/profileRow.js';
import { COUNT_TABLE, type FillingColumn, IS_FILLING, requireFilled } from './directoryTables.js';
import { formatTimeCursor, type PageCursor, type PageRequest } from './pageCursor.js';
import { pageRange } from './pageRange.js';
import type { UserFilter } from './userFilter.js';
import { userPage } from './userPage.js';

interface Row extends CheckpointColumns, FillingColumn, ProfileColumns {}

const ORDER = {
  after: 'registered_at, user_id',
  before: 'registered_at desc, user_id desc',
} as const;
const IN_RANGE = `(profile.registered_at, profile.user_id) > ($3::timestamptz, $4::uuid)
    and (profile.registered_at, profile.user_id) < ($5::timestamptz, $6::uuid)`;

const allUsers = (direction: PageRequest['direction']): string => `
  select checkpoint.position as checkpoint_position, checkpoint.log_id as checkpoint_log_id, ${PROFILE_COLUMNS}
  from read.checkpoint left join lateral (
    select * from ${PROFILE_TABLE} as profile where ${IN_RANGE} order by ${ORDER[direction]} limit $2
  ) as profile on true
  where checkpoint.name = $1 order by ${ORDER[direction]}`;

/** A page of each of the few standings that the filter selects, merged: as many rows as the page, times 32 at most. */
const selectedUsers = (direction: PageRequest['direction']): string => `
  select checkpoint.position as checkpoint_position, checkpoint.log_id as checkpoint_log_id, ${IS_FILLING},
    ${PROFILE_COLUMNS}
  from read.checkpoint left join lateral (
    select found.* from ${COUNT_TABLE} as counted cross join lateral (
      select * from ${PROFILE_TABLE} as profile
      where profile.standing = counted.standing and ${IN_RANGE} order by ${ORDER[direction]} limit $2
    ) as found
    where counted.users > 0 and (counted.standing & $7::smallint) = $8::smallint
    order by ${ORDER[direction]} limit $2
  ) as profile on true
  where checkpoint.name = $1 order by ${ORDER[direction]}`;

/**
 * Reads one page in order of registration. Keyset pagination: every page costs the same, however far into the list and
 * whatever the filter.
 */
export const listProfiles = async (
  { read, pictureUrls }: ReadDeps,
  request: PageRequest,
  filter: Pick<UserFilter, 'standing' | 'registered'>,
): Promise<Snapshot<UserPage>> => {
  const rows = await read<Row>(statementOf(request, filter));
  requireFilled(rows[0]);
  const found = rows.filter(({ user_id }) => (user_id as string | null) !== null);
  const value = await userPage(request, { rows: found }, { of: placeOf, format: formatTimeCursor }, pictureUrls);
  return { point: pointOf(rows[0]), value };
};

/** One row more than the page shows whether the list goes on. */
const statementOf = (
  { limit, direction, cursor }: PageRequest,
  { standing, registered }: Pick<UserFilter, 'standing' | 'registered'>,
): Statement => {
  const [from, to] = registered;
  const isOutside = cursor !== undefined && (direction === 'after' ? cursor.key < from : cursor.key > to);
  const range = pageRange({ direction, cursor: isOutside ? undefined : cursor }, registered);
  const values = [USER_PROFILE_PROJECTION, limit + 1, ...range];
  return standing === undefined
    ? { name: `list-users-${direction}`, text: allUsers(direction), values }
    : {
        name: `list-selected-users-${direction}`,
        text: selectedUsers(direction),
        values: [...values, standing.mask, standing.value],
      };
};

const placeOf = ({ registered_at, user_id }: Row): PageCursor => ({
  key: registered_at.toISOString(),
  userId: user_id,
});
