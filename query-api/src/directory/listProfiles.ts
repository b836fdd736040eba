import type { UserBody, UserPage } from '@ums/contracts/http/user';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { type CheckpointColumns, pointOf, type Snapshot } from '../consistency/snapshot.js';
import { bodyOf, PROFILE_COLUMNS, PROFILE_TABLE, type ProfileColumns } from '../profile/profileRow.js';
import { formatCursor, type PageCursor } from './pageCursor.js';

interface Row extends CheckpointColumns, ProfileColumns {}

const pageQuery = (condition: string): string => `select checkpoint.position as checkpoint_position,
    checkpoint.log_id as checkpoint_log_id, ${PROFILE_COLUMNS}
  from read.checkpoint left join lateral (
    select * from ${PROFILE_TABLE} ${condition} order by registered_at, user_id limit $2
  ) as profile on true
  where checkpoint.name = $1 order by profile.registered_at, profile.user_id`;

const FIRST_PAGE = pageQuery('');
const NEXT_PAGE = pageQuery('where (registered_at, user_id) > ($3::timestamptz, $4::uuid)');

/** Reads one page in order of registration. Keyset pagination: every page costs the same, however far into the list. */
export const listProfiles = async (
  query: Query,
  limit: number,
  after: PageCursor | undefined,
): Promise<Snapshot<UserPage>> => {
  // One row more than the page shows whether there is a next page.
  const range = [USER_PROFILE_PROJECTION, limit + 1];
  const rows = await query<Row>(
    after === undefined
      ? { name: 'list-first-profiles', text: FIRST_PAGE, values: range }
      : { name: 'list-next-profiles', text: NEXT_PAGE, values: [...range, after.registeredAt, after.userId] },
  );
  const found = rows.filter(({ user_id }) => (user_id as string | null) !== null).map(bodyOf);
  return { point: pointOf(rows[0]), value: toPage(found, limit) };
};

const toPage = (found: UserBody[], limit: number): UserPage => {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return {
    items,
    next: last === undefined ? null : formatCursor({ registeredAt: last.registeredAt, userId: last.id }),
  };
};
