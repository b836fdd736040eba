import { Superseded } from '@ums/kit/event-log/checkpointStore';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { copyOf, existingCopies } from '../projection/copies.js';
import { checkpointOf, type Projection } from '../projection/projection.js';
import { ownNames, readDefinitions, suffixed, type TableDefinitions, withSuffix } from './tableDefinitions.js';

/**
 * Creates the empty tables `next` of a projection like its live ones, with their primary keys, triggers and grants, and a
 * checkpoint before the first event. Other indexes are built once the tables are filled. Does nothing when they exist.
 *
 * @throws StartRefused when the projection has never run.
 */
export const createNext = (pool: pg.Pool, projection: Projection): Promise<void> =>
  withTransaction(pool, async (tx) => {
    const { logId } = await lockLive(tx, projection);
    if ((await existingCopies(tx, projection)).includes('next')) return;
    const next = copyOf(projection, 'next');
    await createTables(tx, await readDefinitions(tx, projection));
    await checkpointOf(next).begin(tx, logId);
    // Keys that are parked already do not count towards the limit per minute. They are folded at the end of the rebuild.
    await tx.query({
      name: 'copy-parked-keys',
      text: `insert into read.parked (projection, key, position, reason, at)
             select $2, key, position, reason, at from read.parked where projection = $1`,
      values: [projection.name, next.name],
    });
  });

/**
 * Locks the checkpoint of the live tables. Under this lock copies are created, renamed and dropped.
 * @throws StartRefused when there is none
 */
export const lockLive = async (tx: Transaction, projection: Projection) => {
  try {
    return await checkpointOf(projection).lock(tx);
  } catch (error) {
    if (error instanceof Superseded) throw new StartRefused(`The projection ${projection.name} has never run.`);
    throw error;
  }
};

const createTables = async (tx: Transaction, definitions: TableDefinitions): Promise<void> => {
  const { tables, indexes, grants, functions, triggers } = definitions;
  const names = ownNames(definitions);
  const statements = [
    ...tables.map((table) => `create table ${table}_next (like ${table} including all excluding indexes)`),
    ...indexes.flatMap(({ table, name, primaryKey }) =>
      primaryKey === null ? [] : [`alter table ${table}_next add constraint ${suffixed(name, '_next')} ${primaryKey}`],
    ),
    ...functions.map(({ text }) => withSuffix(text, names, '_next')),
    ...triggers.map(({ text }) => withSuffix(text, names, '_next')),
    ...grants.map(({ table, privilege, role }) => `grant ${privilege} on ${table}_next to ${role}`),
  ];
  for (const statement of statements) await tx.query(statement);
};
