import type pg from 'pg';
import { PROJECTIONS } from './projections.js';

const LONGEST_MS = 600_000;

/** Tables that have held personal data. A parked key names a person, too. */
const personalTables = (): string[] => [
  ...PROJECTIONS.filter(({ personal }) => personal).map(({ table }) => table.name),
  'read.parked',
];

/**
 * Rewrites the tables that held personal data, so that deleted and overwritten rows are gone from their files and not only
 * from queries (G-03). Locks each table while it is rewritten. The write-ahead log still holds their old pages until the
 * caller switches it and makes a checkpoint.
 */
export const forgetReadModel = async (pool: pg.Pool): Promise<void> => {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query(`set statement_timeout = ${LONGEST_MS}`);
    for (const table of personalTables()) {
      const rewrite = { text: `vacuum (full) ${table}`, query_timeout: LONGEST_MS };
      await client.query(rewrite);
    }
    await client.query('reset statement_timeout');
    failed = false;
  } finally {
    client.release(failed);
  }
};
