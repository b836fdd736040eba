import type { Transaction } from '@ums/kit/postgres/transaction';
import { type Copy, copyOf } from '../projection/copies.js';
import type { Projection } from '../projection/projection.js';
import { ownNames, suffixed, type TableDefinitions, withSuffix } from './tableDefinitions.js';

/** Where tables of a projection are: the live ones have no suffix. */
type Place = Copy | 'live';

const suffixOf = (place: Place): string => (place === 'live' ? '' : `_${place}`);

/**
 * Renames the tables of a projection, with their indexes, triggers and functions, and gives their parked keys the new name.
 * Checkpoints are left to the caller. Nothing may be at the destination. The functions of the live tables keep their names;
 * the tables that become live use them.
 *
 * @param live the definitions of the live tables, read before anything was renamed.
 */
export const renameTables = async (
  tx: Transaction,
  projection: Projection,
  live: TableDefinitions,
  [from, to]: readonly [Place, Place],
): Promise<void> => {
  const [before, after] = [suffixOf(from), suffixOf(to)];
  const texts = (all: readonly { text: string }[]) => all.map(({ text }) => withSuffix(text, ownNames(live), after));
  const statements = [
    ...live.triggers.map(({ table, name }) => `drop trigger ${name} on ${table}${before}`),
    ...live.indexes.map(({ table, name }) => {
      const schema = table.split('.')[0];
      return `alter index ${schema}.${suffixed(name, before)} rename to ${suffixed(name, after)}`;
    }),
    ...live.tables.map((table) => `alter table ${table}${before} rename to ${table.split('.')[1]}${after}`),
    ...(to === 'live' ? [] : texts(live.functions)),
    ...texts(live.triggers),
    ...(from === 'live' ? [] : live.functions.map(({ name }) => `drop function ${name}${before}()`)),
  ];
  for (const statement of statements) await tx.query(statement);
  const names = [nameAt(projection, from), nameAt(projection, to)];
  await tx.query({
    name: 'rename-parked-keys',
    text: 'update read.parked set projection = $2 where projection = $1',
    values: names,
  });
};

const nameAt = (projection: Projection, place: Place): string =>
  place === 'live' ? projection.name : copyOf(projection, place).name;
