import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withConnection } from '@ums/embedded/postgres/withConnection';
import type pg from 'pg';
import { testDatabase } from '../../../embedded/test/postgres.js';
import { until } from '../../../kit/test/until.js';
import { unhurriedPool } from './unhurriedPool.js';
import { vacuumFully } from './vacuumFully.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
let pool: pg.Pool;
beforeAll(async () => {
  database = await testDatabase('vacuum');
  pool = unhurriedPool(database.url, 1);
  await pool.query('create table example (number int) with (autovacuum_enabled = off)');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** How often the table was vacuumed, and how many of its pages are visible to all. */
const stateOf = async (client: pg.Client): Promise<{ vacuums: number; pages: number; visible: number }> => {
  const { rows } = await client.query(
    `select vacuum_count::int as vacuums, relpages as pages, relallvisible as visible
     from pg_stat_user_tables join pg_class on pg_class.oid = relid where pg_class.relname = 'example'`,
  );
  return rows[0];
};

describe('vacuumFully', () => {
  it('goes on until no earlier transaction keeps rows from being visible to all', async () => {
    await withConnection(database.url, (observer) =>
      withConnection(database.url, async (earlier) => {
        await earlier.query('begin isolation level repeatable read');
        await earlier.query('select 1');
        await pool.query('insert into example select generate_series(1, 1000)');
        const vacuuming = vacuumFully(pool, 'example');
        vacuuming.catch(() => undefined);
        await until(async () => (await stateOf(observer)).vacuums > 1);
        expect(await stateOf(observer)).toMatchObject({ visible: 0 });
        await earlier.query('commit');
        await vacuuming;
        const { pages, visible } = await stateOf(observer);
        expect([pages > 1, visible]).toEqual([true, pages]);
      }),
    );
  });
});
