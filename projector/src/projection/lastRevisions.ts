import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** The last revision of each stream, by its name. */
export type LastRevisions = ReadonlyMap<string, bigint>;

/** Those that a batch leads to. */
export const lastRevisions = (events: readonly RecordedEvent[]): LastRevisions => {
  const last = new Map<string, bigint>();
  for (const { stream, revision } of events) if (revision > (last.get(stream) ?? -1n)) last.set(stream, revision);
  return last;
};

/** @param table qualified with the schema. @returns the stored ones; a stream without one is left out. */
export const storedRevisions = async (
  tx: Transaction,
  table: string,
  streams: readonly string[],
): Promise<LastRevisions> => {
  if (streams.length === 0) return new Map();
  const { rows } = await tx.query<{ stream: string; revision: string }>({
    name: `load-${table}`,
    text: `select stream, revision from ${table} where stream = any($1::text[])`,
    values: [streams],
  });
  return new Map(rows.map(({ stream, revision }) => [stream, BigInt(revision)]));
};

/** Stores higher revisions. A repeated batch lowers none. */
export const raiseRevisions = async (tx: Transaction, table: string, revisions: LastRevisions): Promise<void> => {
  await tx.query({ name: `raise-${table}`, text: raisingSql(table, 1), values: raisedValues(revisions) });
};

/**
 * SQL that stores revisions whose values are {@link raisedValues}.
 *
 * @param first number of the first of the two parameters.
 * @param condition SQL without which nothing is stored.
 */
export const raisingSql = (table: string, first: number, condition = 'true'): string =>
  `insert into ${table} as stored (stream, revision)
      select stream, revision from unnest($${first}::text[], $${first + 1}::numeric[]) as given (stream, revision)
      where ${condition}
      on conflict (stream) do update set revision = excluded.revision where stored.revision < excluded.revision`;

/** One array for each column. */
export const raisedValues = (revisions: LastRevisions): string[][] => [
  [...revisions.keys()],
  [...revisions.values()].map(String),
];
