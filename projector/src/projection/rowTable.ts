import type { Transaction } from '@ums/kit/postgres/transaction';

/** One column of a read table. */
export interface Column<Row> {
  name: string;
  /** SQL type of the column. */
  type: string;
  /** The value to bind: text, number, boolean or null. Pass an array as its Postgres text form, such as `{a,b}`. */
  value(row: Row): unknown;
}

/** Describes a read table that rows are written to. The runner adds the key column and the column `position`. */
export interface WrittenTable<Row> {
  /** Qualified with the schema. */
  name: string;
  /** Tables that are filled with this one, by its triggers or by the runner, qualified with the schema. */
  derived?: readonly string[];
  /** By derived table: the condition of rows that say nothing, which a rebuild does not make. */
  blank?: Readonly<Record<string, string>>;
  /** The `uuid` column that is the primary key. Where rows are only inserted, `position` is. */
  key: string;
  columns: readonly Column<Row>[];
  /** A stored row stays as it is. */
  insertOnly?: true;
}

/** A read table whose rows are folded, and so read again. */
export interface RowTable<Row> extends WrittenTable<Row> {
  /** Maps a record of the columns to a row. */
  read(record: Record<string, unknown>): Row;
}

/** A row and the log position of the last event folded into it. */
export interface FoldedRow<Row> {
  row: Row;
  position: bigint;
}

/** What the tables hold for one key. A parked key has no row. */
export interface KeyState<Row> {
  folded: FoldedRow<Row> | undefined;
  parked: boolean;
}

const namesOf = ({ key, columns }: Pick<WrittenTable<never>, 'key' | 'columns'>): string[] => [
  key,
  ...columns.map(({ name }) => name),
  'position',
];

/** Loads the rows and parked flags of the given keys in one query. */
export const loadKeyStates = async <Row>(
  tx: Transaction,
  projection: { name: string; table: RowTable<Row> },
  keys: readonly string[],
): Promise<Map<string, KeyState<Row>>> => {
  const { name, table } = projection;
  // Columns by name: with `stored.*`, Postgres refuses the prepared statement once a newer version has added a column.
  const columns = namesOf(table)
    .map((column) => `stored.${column}`)
    .join(', ');
  const { rows } = await tx.query({
    name: `load-${name}`,
    text: `select requested.key as requested_key, parked.key is not null as is_parked, ${columns}
      from unnest($2::uuid[]) as requested (key)
      left join read.parked on parked.projection = $1 and parked.key = requested.key
      left join ${table.name} as stored on stored.${table.key} = requested.key`,
    values: [name, keys],
  });
  return new Map(
    rows.map((record: Record<string, unknown>) => {
      const folded =
        record.position === null ? undefined : { row: table.read(record), position: BigInt(String(record.position)) };
      return [record.requested_key as string, { folded, parked: record.is_parked === true }];
    }),
  );
};

/** Writes any number of rows in one statement. Keeps a stored row whose position is the same or higher (F-14). */
export const upsertRows = async <Row>(
  tx: Transaction,
  table: WrittenTable<Row>,
  rows: ReadonlyMap<string, FoldedRow<Row>>,
): Promise<void> => {
  await tx.query({ name: `upsert-${table.name}`, text: writingSql(table), values: writtenValues(table, rows) });
};

/**
 * SQL that writes rows whose values are {@link writtenValues}.
 *
 * @param condition SQL without which nothing is written.
 */
export const writingSql = <Row>(table: WrittenTable<Row>, condition = 'true'): string => {
  const names = namesOf(table);
  const types = ['uuid', ...table.columns.map((column) => column.type), 'numeric'];
  // `unnest` flattens nested arrays, so array columns are passed as text and cast for each row.
  const parameters = types.map((type, index) => `$${index + 1}::${type.endsWith('[]') ? 'text' : type}[]`);
  const selected = names.map((name, index) => (types[index]?.endsWith('[]') ? `${name}::${types[index]}` : name));
  const assignments = names.slice(1).map((name) => `${name} = excluded.${name}`);
  const onConflict = table.insertOnly
    ? 'do nothing'
    : `(${table.key}) do update set ${assignments.join(', ')} where stored.position < excluded.position`;
  return `insert into ${table.name} as stored (${names.join(', ')})
      select ${selected.join(', ')} from unnest(${parameters.join(', ')}) as given (${names.join(', ')}) where ${condition}
      on conflict ${onConflict}`;
};

/** One array for each column. */
export const writtenValues = <Row>(
  table: WrittenTable<Row>,
  rows: ReadonlyMap<string, FoldedRow<Row>>,
): unknown[][] => {
  const folded = [...rows.values()];
  return [
    [...rows.keys()],
    ...table.columns.map((column) => folded.map(({ row }) => column.value(row))),
    folded.map(({ position }) => String(position)),
  ];
};

/** Deletes rows by key; keys without a row are ignored. */
export const deleteRows = async (
  tx: Transaction,
  table: Pick<WrittenTable<never>, 'name' | 'key'>,
  keys: readonly string[],
): Promise<void> => {
  await tx.query({
    name: `delete-${table.name}`,
    text: `delete from ${table.name} where ${table.key} = any($1::uuid[])`,
    values: [keys],
  });
};
