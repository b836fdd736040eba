import type pg from 'pg';

/** Where a deleted row may have held a wrapped key, an address or what stands for one. */
const TABLES = ['data_key', 'address', 'registration', 'session', 'attempt', 'mail_request', 'farewell'] as const;

/** As long as it takes, where the pool's statements have seconds; pg reads the limit, its types do not know it. */
const patient = (text: string): pg.QueryConfig & { query_timeout: number } => ({ text, query_timeout: 600_000 });

/**
 * Rewrites the vault's tables without their dead rows, so that what was deleted is gone from the data files too. Each
 * table is locked for as long as its rewriting takes; one that cannot be locked in time fails the command, to be run again.
 *
 * The write-ahead log still holds what was deleted until it is switched and recycled: that needs a superuser, and is
 * done after this by whoever runs the cluster.
 */
export const forgetVault = async (pool: pg.Pool): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query("set lock_timeout = '2s'");
    await client.query('set statement_timeout = 0');
    for (const table of TABLES) await client.query(patient(`vacuum (full, analyze) ${table}`));
  } finally {
    // Its settings are not those of the pool.
    client.release(true);
  }
};
