import { allowSilence } from '@ums/kit/postgres/limitSilence';
import type pg from 'pg';
import { copyOf, existingCopies } from './projection/copies.js';
import type { Projection } from './projection/projection.js';
import { PROJECTIONS } from './projections.js';

const TIMEOUT_MS = 600_000;

/** Tables that may have held personal data. `read.parked` counts because its keys are user ids. */
const personalTables = async (client: pg.PoolClient): Promise<string[]> => {
  const tables: string[] = [];
  for (const projection of PROJECTIONS.filter(({ personal }) => personal)) {
    const copies = (await existingCopies(client, projection)).map((copy) => copyOf(projection, copy));
    tables.push(...[projection, ...copies].flatMap(tablesOf));
  }
  return [...tables, 'read.parked'];
};

const tablesOf = ({ table }: Projection): string[] => [table.name, ...(table.derived ?? [])];

/**
 * Rewrites the tables that held personal data, so that deleted and overwritten rows are removed from the data files too
 * (G-03). Each table is locked exclusively while it is rewritten. The write-ahead log keeps the old pages until the caller
 * switches it and makes a Postgres checkpoint.
 */
export const forgetReadModel = async (pool: pg.Pool): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query(`set statement_timeout = ${TIMEOUT_MS}`);
    allowSilence(client, TIMEOUT_MS);
    for (const table of await personalTables(client)) await client.query(`vacuum (full) ${table}`);
  } finally {
    // The connection's time-outs differ from the pool's now, so it is closed instead of returned.
    client.release(true);
  }
};
