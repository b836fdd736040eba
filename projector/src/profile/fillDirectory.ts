import { USER_PROFILE_PROJECTION, type UserProfile } from '@ums/contracts/reducers/userProfile';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { checkpointOf } from '../projection/projection.js';
import { directoryColumns, PROFILE_TABLE } from './directoryColumns.js';

type Unfilled = Pick<UserProfile, 'email' | 'name' | 'status' | 'roles'> & { user_id: string; revision: string };

const ROWS_AT_ONCE = 1_000;

/**
 * Fills the columns of the directory in rows that a version without them wrote. They follow from other columns of the row,
 * so no event is read again. The projection may apply batches at the same time; they fill the rows that they change.
 *
 * @returns the number of rows.
 */
export const fillDirectory = async (pool: pg.Pool, signal: AbortSignal): Promise<number> => {
  let filled = 0;
  while (!signal.aborted) {
    const count = await withTransaction(pool, fillSome);
    if (count === 0) break;
    filled += count;
  }
  return filled;
};

/** @returns the number of rows; 0 when none is left. */
const fillSome = async (tx: Transaction): Promise<number> => {
  // Batches lock it first too. So a batch and this neither wait for rows and counts of each other in different orders, nor
  // does one of the two overwrite what the other one reads.
  await checkpointOf({ name: USER_PROFILE_PROJECTION }).lock(tx);
  const { rows } = await tx.query<Unfilled>({
    name: 'find-unfilled-profiles',
    text: `select user_id, email, name, status, roles, revision from ${PROFILE_TABLE} where standing is null limit $1`,
    values: [ROWS_AT_ONCE],
  });
  if (rows.length === 0) return 0;
  const [terms, standing] = directoryColumns.map(({ value }) => rows.map(value));
  await tx.query({
    name: 'fill-profiles',
    text: `update ${PROFILE_TABLE} as stored set terms = given.terms::text[], standing = given.standing
           from unnest($1::uuid[], $2::numeric[], $3::text[], $4::smallint[]) as given (user_id, revision, terms, standing)
           where stored.user_id = given.user_id and stored.revision = given.revision and stored.standing is null`,
    values: [rows.map(({ user_id }) => user_id), rows.map(({ revision }) => revision), terms, standing],
  });
  return rows.length;
};
