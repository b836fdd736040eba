import type { Transaction } from '@ums/kit/postgres/transaction';

/** One column of a read table. */
export interface Column<Row> {
  name: string;
  /** SQL type of the column. */
  type: string;
  /** What is bound for a row: text, number, boolean or null; an array is bound as text and cast. */
  value(row: Row): unknown;
}

/** A read table as data. The columns `position` and the key are the runner's. */
export interface RowTable<Row> {
  /** Qualified name. */
  name: string;
  /** The `uuid` column that is the primary key. */
  key: string;
  columns: readonly Column<Row>[];
  /** From what `select *` gives to a row. */
  read(record: Record<string, unknown>): Row;
}

/** A row and the position of the last event folded into it. */
export interface Placed<Row> {
  row: Row;
  position: bigint;
}

/** Where a key stands before a batch is folded: its row, or none, or parked. */
export interface Standing<Row> {
  placed: Placed<Row> | undefined;
  parked: boolean;
}

/** Loads the rows of some keys, and whether they are parked, in one query. */
export const loadStanding = async <Row>(
  tx: Transaction,
  projection: { name: string; table: RowTable<Row> },
  keys: readonly string[],
): Promise<Map<string, Standing<Row>>> => {
  const { name, table } = projection;
  const { rows } = await tx.query({
    name: `load ${name}`,
    text: `select wanted.key as wanted_key, parked.key is not null as is_parked, found.*
      from unnest($2::uuid[]) as wanted (key)
      left join read.parked on parked.projection = $1 and parked.key = wanted.key
      left join ${table.name} as found on found.${table.key} = wanted.key`,
    values: [name, keys],
  });
  return new Map(
    rows.map((record: Record<string, unknown>) => {
      const placed =
        record.position === null ? undefined : { row: table.read(record), position: BigInt(String(record.position)) };
      return [record.wanted_key as string, { placed, parked: record.is_parked === true }];
    }),
  );
};

/** Writes rows, set-based: one statement whatever their number. A row already at a higher position stays (F-14). */
export const upsertRows = async <Row>(
  tx: Transaction,
  table: RowTable<Row>,
  rows: ReadonlyMap<string, Placed<Row>>,
): Promise<void> => {
  const names = [table.key, ...table.columns.map((column) => column.name), 'position'];
  const types = ['uuid', ...table.columns.map((column) => column.type), 'numeric'];
  const bound = types.map((type, index) => `$${index + 1}::${type.endsWith('[]') ? 'text' : type}[]`);
  const cast = names.map((name, index) => (types[index]?.endsWith('[]') ? `${name}::${types[index]}` : name));
  const assigned = names.slice(1).map((name) => `${name} = excluded.${name}`);
  const placed = [...rows.values()];
  await tx.query({
    name: `upsert ${table.name}`,
    text: `insert into ${table.name} as kept (${names.join(', ')})
      select ${cast.join(', ')} from unnest(${bound.join(', ')}) as given (${names.join(', ')})
      on conflict (${table.key}) do update set ${assigned.join(', ')} where kept.position < excluded.position`,
    values: [
      [...rows.keys()],
      ...table.columns.map((column) => placed.map(({ row }) => column.value(row))),
      placed.map(({ position }) => String(position)),
    ],
  });
};

export const deleteRows = async <Row>(
  tx: Transaction,
  table: RowTable<Row>,
  keys: readonly string[],
): Promise<void> => {
  await tx.query({
    name: `delete ${table.name}`,
    text: `delete from ${table.name} where ${table.key} = any($1::uuid[])`,
    values: [keys],
  });
};
