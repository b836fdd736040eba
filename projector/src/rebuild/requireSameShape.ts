import type { Transaction } from '@ums/kit/postgres/transaction';
import { StartRefused } from '@ums/kit/startRefused';
import { type Copy, copyOf } from '../projection/copies.js';
import type { Projection } from '../projection/projection.js';
import { ownNames, readDefinitions, tablesOf, withSuffix } from './tableDefinitions.js';

/**
 * Refuses a copy whose columns, triggers or functions are not those of the live tables, because a migration changed these since.
 *
 * @throws StartRefused
 */
export const requireSameShape = async (tx: Transaction, projection: Projection, copy: Copy): Promise<void> => {
  const live = await shapeOf(tx, projection);
  const copied = await shapeOf(tx, copyOf(projection, copy));
  const expected = live.texts.map((text) => withSuffix(text, live.names, `_${copy}`));
  if (JSON.stringify([live.columns, expected]) !== JSON.stringify([copied.columns, copied.texts]))
    throw new StartRefused(
      `A migration has changed the tables of ${projection.name} since ${copyOf(projection, copy).name} was made. Drop it.`,
    );
};

const shapeOf = async (tx: Transaction, projection: Projection) => {
  const definitions = await readDefinitions(tx, projection);
  const { functions, triggers } = definitions;
  const { rows: columns } = await tx.query<{ columns: string }>({
    name: 'describe-columns',
    text: `select string_agg(attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull, ', ' order by attnum) as columns
           from unnest($1::text[]) with ordinality as given (name, place)
           join pg_attribute on attrelid = name::regclass and attnum > 0 and not attisdropped
           group by place order by place`,
    values: [tablesOf(projection)],
  });
  return { columns, texts: [...functions, ...triggers].map(({ text }) => text), names: ownNames(definitions) };
};
