import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const LONGEST_MS = 60_000;
const PAUSE_MS = 100;

/**
 * Vacuums and analyses a table until every page is marked as visible to all. A transaction that began before the rows were
 * committed, such as an automatic analysis of another table, keeps pages from the mark, and so does a checkpoint that writes
 * them. Scans of an index would then read those pages too.
 *
 * @param table its name, with the schema
 * @throws Error after a minute
 */
export const vacuumFully = async (pool: pg.Pool, table: string): Promise<void> => {
  for (const end = performance.now() + LONGEST_MS; ; await sleep(PAUSE_MS)) {
    await pool.query(`vacuum (analyze) ${table}`);
    const { rows } = await pool.query<{ pages: number; visible: number }>({
      name: 'count-visible-pages',
      text: 'select relpages as pages, relallvisible as visible from pg_class where oid = $1::regclass',
      values: [table],
    });
    const { pages = 0, visible = 0 } = rows[0] ?? {};
    if (visible >= pages) return;
    if (performance.now() > end) throw new Error(`only ${visible} of ${pages} pages of ${table} are visible to all`);
  }
};
