import type pg from 'pg';

/** How far the sign-in streams of all users have the maximum age that is set now. */
export interface SignInLimit {
  /** Ages in days that streams may have from an earlier setting. */
  replaced: number[];
  /** Streams of users up to this id are done. */
  afterUser: string;
  finished: boolean;
}

/** Begins anew when the age has changed. */
export const beginSignInLimit = async (vault: pg.Pool, days: number): Promise<SignInLimit> => {
  await vault.query({
    name: 'begin-sign-in-limit',
    text: `insert into sign_in_limit as stored (days) values ($1)
           on conflict (is_only) do update set days = $1, finished = default, after_user = default,
             replaced = array_remove(array_remove(stored.replaced, stored.days) || stored.days, $1)
           where stored.days <> $1`,
    values: [days],
  });
  const { rows } = await vault.query<SignInLimit>({
    name: 'find-sign-in-limit',
    text: 'select replaced, after_user as "afterUser", finished from sign_in_limit where days = $1',
    values: [days],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('another process has another age of sign-in streams');
  return row;
};

/** Stores the progress, unless another process has begun with another age. */
export const storeSignInLimit = (
  vault: pg.Pool,
  days: number,
  { afterUser, finished }: Pick<SignInLimit, 'afterUser' | 'finished'>,
) =>
  vault.query({
    name: 'store-sign-in-limit',
    text: 'update sign_in_limit set after_user = $2, finished = $3 where days = $1',
    values: [days, afterUser, finished],
  });

/** Ids of users, erased ones included, in their order. */
export const usersAfter = async (vault: pg.Pool, after: string, limit: number): Promise<string[]> => {
  const { rows } = await vault.query<{ id: string }>({
    name: 'list-accounts',
    text: 'select user_id as id from account where user_id > $1 order by user_id limit $2',
    values: [after, limit],
  });
  return rows.map(({ id }) => id);
};
