import { withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { type Copy, copyOf } from '../projection/copies.js';
import type { Projection } from '../projection/projection.js';
import { lockLive } from './createNext.js';
import { readDefinitions } from './tableDefinitions.js';

/** Drops the tables of a copy, with its checkpoint and its parked keys. The live tables are never dropped. */
export const dropCopy = (pool: pg.Pool, projection: Projection, copy: Copy): Promise<void> =>
  withTransaction(pool, async (tx) => {
    await lockLive(tx, projection);
    const dropped = copyOf(projection, copy);
    const { tables, functions } = await readDefinitions(tx, dropped);
    await tx.query(`drop table ${tables.join(', ')}`);
    for (const { name } of functions) await tx.query(`drop function ${name}()`);
    await tx.query({
      name: 'delete-checkpoint',
      text: 'delete from read.checkpoint where name = $1',
      values: [dropped.name],
    });
    await tx.query({
      name: 'delete-parked-keys',
      text: 'delete from read.parked where projection = $1',
      values: [dropped.name],
    });
  });
