import type { UserBody, UserPage } from '@ums/contracts/http/user';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { type CheckpointColumns, pointOf, type Seen } from '../consistency/seen.js';
import { bodyOf, PROFILE_COLUMNS, PROJECTION, type ProfileColumns } from '../profile/profileRow.js';
import { formatCursor, type PageCursor } from './pageCursor.js';

interface Row extends CheckpointColumns, ProfileColumns {}

const page = (condition: string): string => `select checkpoint.position as checkpoint_position,
    checkpoint.log_id as checkpoint_log_id, ${PROFILE_COLUMNS}
  from read.checkpoint left join lateral (
    select * from read.user_profile_v1 ${condition} order by registered_at, user_id limit $2
  ) as profile on true
  where checkpoint.name = $1 order by profile.registered_at, profile.user_id`;

const FIRST_PAGE = page('');
const NEXT_PAGE = page('where (registered_at, user_id) > ($3::timestamptz, $4::uuid)');

/** One page in order of registration, by keyset: its cost does not grow with how far the walk has come. */
export const listProfiles = async (
  query: Query,
  limit: number,
  after: PageCursor | undefined,
): Promise<Seen<UserPage>> => {
  // One more than shown says whether there is a next page.
  const range = [PROJECTION, limit + 1];
  const rows = await query<Row>(
    after === undefined
      ? { name: 'first profiles', text: FIRST_PAGE, values: range }
      : { name: 'next profiles', text: NEXT_PAGE, values: [...range, after.registeredAt, after.userId] },
  );
  const found = rows.filter(({ user_id }) => (user_id as string | null) !== null).map(bodyOf);
  return { at: pointOf(rows[0]), value: toPage(found, limit) };
};

const toPage = (found: UserBody[], limit: number): UserPage => {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return {
    items,
    next: last === undefined ? null : formatCursor({ registeredAt: last.registeredAt, userId: last.id }),
  };
};
