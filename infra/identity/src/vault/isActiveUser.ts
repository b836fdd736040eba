import type pg from 'pg';

/** Whether the account is active. */
export const isActiveUser = async (vault: pg.Pool, userId: string): Promise<boolean> => {
  const { rows } = await vault.query({
    name: 'is-account-active',
    text: `select from account where user_id = $1 and status = 'active'`,
    values: [userId],
  });
  return rows.length > 0;
};
