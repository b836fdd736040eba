import type { Transaction } from '@ums/kit/postgres/transaction';
import type { SignedSize } from '../place/place.js';

/** A checkpoint in the table of the notary. */
export interface StoredCheckpoint extends SignedSize {
  /** How long ago it was signed, by the clock of the database. */
  ageSeconds: number;
}

/** The checkpoint of the largest tree, the latest of them. */
export const lastCheckpoint = async (tx: Transaction): Promise<StoredCheckpoint | undefined> => {
  const { rows } = await tx.query<{ size: string; note: string; age: number }>({
    name: 'last-checkpoint',
    text: `select size, note, extract(epoch from clock_timestamp() - signed_at)::float8 as age
           from notary.checkpoint order by size desc, id desc limit 1`,
    values: [],
  });
  const row = rows[0];
  return row && { size: Number(row.size), note: row.note, ageSeconds: row.age };
};

export const saveCheckpoint = async (
  tx: Transaction,
  { size, root, note }: SignedSize & { root: Buffer },
): Promise<void> => {
  await tx.query({
    name: 'save-checkpoint',
    text: 'insert into notary.checkpoint (size, root, note, signed_at) values ($1, $2, $3, clock_timestamp())',
    values: [size, root, note],
  });
};

/** Replaces the public keys that are served. */
export const saveVerifierKeys = async (tx: Transaction, lines: readonly string[]): Promise<void> => {
  await tx.query({
    name: 'save-verifier-keys',
    text: `with saved as (
             insert into notary.verifier_key (place, line) select place, line
             from unnest($1::text[]) with ordinality as given (line, place)
             on conflict (place) do update set line = excluded.line)
           delete from notary.verifier_key where place > cardinality($1::text[])`,
    values: [lines],
  });
};
