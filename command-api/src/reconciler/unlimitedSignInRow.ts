import type pg from 'pg';

/** Notes that the sign-in streams of these users have just been tried in vain. */
export const noteUnlimited = (vault: pg.Pool, userIds: readonly string[]) =>
  vault.query({
    name: 'note-unlimited-sign-in',
    text: `insert into unlimited_sign_in (user_id) select unnest($1::uuid[])
           on conflict (user_id) do update set tried_at = now()`,
    values: [userIds],
  });

export const deleteUnlimited = (vault: pg.Pool, userIds: readonly string[]) =>
  vault.query({
    name: 'delete-unlimited-sign-in',
    text: 'delete from unlimited_sign_in where user_id = any($1::uuid[])',
    values: [userIds],
  });

/** Ids of the users who were noted, the one whose last try is longest ago first. */
export const unlimitedUsers = async (vault: pg.Pool, limit: number): Promise<string[]> => {
  const { rows } = await vault.query<{ id: string }>({
    name: 'list-unlimited-sign-in',
    text: 'select user_id as id from unlimited_sign_in order by tried_at limit $1',
    values: [limit],
  });
  return rows.map(({ id }) => id);
};
