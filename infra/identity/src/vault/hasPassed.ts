import type pg from 'pg';

/** Whether a time has passed by the vault's clock. */
export const hasPassed = async (vault: pg.Pool, time: Date): Promise<boolean> => {
  const { rows } = await vault.query<{ passed: boolean }>({
    name: 'has-passed',
    text: 'select $1::timestamptz <= now() as passed',
    values: [time],
  });
  return rows[0]?.passed === true;
};
