import type pg from 'pg';
import { copyOf } from '../projection/copies.js';
import type { Projection } from '../projection/projection.js';
import { tablesOf } from './tableDefinitions.js';

/** How the tables `next` of a projection differ from the live ones, in one snapshot. */
export interface Comparison {
  /** Numbers of rows, of each table; without blank ones, see `WrittenTable`. */
  tables: { table: string; live: number; next: number }[];
  /** Rows of one side only. Some are expected while one side is ahead of the other. */
  onlyLive: number;
  onlyNext: number;
  /** Rows that hold the same last event on both sides and differ otherwise. */
  differing: number;
}

export const compareTables = async (pool: pg.Pool, projection: Projection): Promise<Comparison> => {
  const { key, name, columns, blank = {} } = projection.table;
  const tables = tablesOf(projection);
  const nextTables = tablesOf(copyOf(projection, 'next'));
  const count = (table: string | undefined, live: string) =>
    `(select count(*)::int from ${table}${live in blank ? ` where not (${blank[live]})` : ''})`;
  const values = (alias: string) => columns.map((column) => `${alias}.${column.name}`).join(', ');
  const { rows } = await pool.query<{ counts: [number, number][] } & Omit<Comparison, 'tables'>>(
    `select json_build_array(${tables.map((table, index) => `json_build_array(${count(table, table)}, ${count(nextTables[index], table)})`).join(', ')}) as counts,
       count(*) filter (where next.${key} is null)::int as "onlyLive",
       count(*) filter (where live.${key} is null)::int as "onlyNext",
       count(*) filter (where live.position = next.position and (${values('live')}) is distinct from (${values('next')}))::int
         as differing
     from ${name} as live full join ${copyOf(projection, 'next').table.name} as next using (${key})`,
  );
  const { counts = [], onlyLive = 0, onlyNext = 0, differing = 0 } = rows[0] ?? {};
  const numbers = tables.map((table, index) => ({
    table,
    live: counts[index]?.[0] ?? 0,
    next: counts[index]?.[1] ?? 0,
  }));
  return { tables: numbers, onlyLive, onlyNext, differing };
};
