import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import type pg from 'pg';
import { directoryColumns, PROFILE_TABLE } from './directoryColumns.js';

type Unfilled = Pick<UserProfile, 'email' | 'name' | 'status' | 'roles'> & { user_id: string; revision: string };

const ROWS_AT_ONCE = 1_000;

/**
 * Fills the columns of the directory in rows that a version without them wrote. They follow from other columns of the row,
 * so no event is read again. Rows that change meanwhile are filled by that change.
 *
 * @returns the number of rows.
 */
export const fillDirectory = async (pool: pg.Pool, signal: AbortSignal): Promise<number> => {
  let filled = 0;
  while (!signal.aborted) {
    const { rows } = await pool.query<Unfilled>({
      name: 'find-unfilled-profiles',
      text: `select user_id, email, name, status, roles, revision from ${PROFILE_TABLE} where standing is null limit $1`,
      values: [ROWS_AT_ONCE],
    });
    if (rows.length === 0) break;
    const [terms, standing] = directoryColumns.map(({ value }) => rows.map(value));
    await pool.query({
      name: 'fill-profiles',
      text: `update ${PROFILE_TABLE} as stored set terms = given.terms::text[], standing = given.standing
             from unnest($1::uuid[], $2::numeric[], $3::text[], $4::smallint[]) as given (user_id, revision, terms, standing)
             where stored.user_id = given.user_id and stored.revision = given.revision and stored.standing is null`,
      values: [rows.map(({ user_id }) => user_id), rows.map(({ revision }) => revision), terms, standing],
    });
    filled += rows.length;
  }
  return filled;
};
