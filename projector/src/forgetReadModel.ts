import type pg from 'pg';

/** Tables that have held something about a person. */
const TABLES = ['read.user_profile_v1', 'read.parked'] as const;
const LONGEST_MS = 600_000;

/**
 * Rewrites the tables that held personal data, so that deleted and overwritten rows are gone from their files and not
 * only from queries (G-03). Locks each table while it is rewritten. The log of the database still holds their old pages until
 * it is switched and checkpointed: the caller's part.
 */
export const forgetReadModel = async (pool: pg.Pool): Promise<void> => {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query(`set statement_timeout = ${LONGEST_MS}`);
    for (const table of TABLES) {
      const rewrite = { text: `vacuum (full) ${table}`, query_timeout: LONGEST_MS };
      await client.query(rewrite);
    }
    await client.query('reset statement_timeout');
    failed = false;
  } finally {
    client.release(failed);
  }
};
