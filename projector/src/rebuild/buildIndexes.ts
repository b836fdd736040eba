import { withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { copyOf } from '../projection/copies.js';
import type { Projection } from '../projection/projection.js';
import { type IndexDefinition, readDefinitions, suffixed, tablesOf } from './tableDefinitions.js';

/**
 * Builds the indexes that the live tables have and the tables `next` do not, then gathers statistics. Concurrently, so that the
 * projector can delete an erased user from the tables meanwhile. An index whose build was interrupted is built again.
 *
 * @returns how many were built.
 */
export const buildIndexes = async (pool: pg.Pool, projection: Projection): Promise<number> => {
  const missing = await withTransaction(pool, (tx) => missingIndexes(tx, projection));
  for (const { table, name, isUnique, using } of missing) {
    const schema = table.split('.')[0];
    await pool.query(`drop index if exists ${schema}.${suffixed(name, '_next')}`);
    await pool.query(
      `create ${isUnique ? 'unique ' : ''}index concurrently ${suffixed(name, '_next')} on ${table}_next using ${using}`,
    );
  }
  if (missing.length > 0) await pool.query(`analyze ${tablesOf(copyOf(projection, 'next')).join(', ')}`);
  return missing.length;
};

/** The indexes of the live tables that have no valid counterpart. */
export const missingIndexes = async (
  tx: Parameters<typeof readDefinitions>[0],
  projection: Projection,
): Promise<IndexDefinition[]> => {
  const live = await readDefinitions(tx, projection);
  const built = (await readDefinitions(tx, copyOf(projection, 'next'))).indexes.map(({ name }) => name);
  return live.indexes.filter(({ name }) => !built.includes(suffixed(name, '_next')));
};
