import type { Transaction } from '@ums/kit/postgres/transaction';
import type { WrappedKey } from '@ums/kit/sealing/masterKeys';

/** Stores a subject's data key unless it has one, or had one and was erased. */
export const insertKey = (tx: Transaction, subject: string, { wrapped, masterKeyId }: WrappedKey) =>
  tx.query({
    name: 'insert-data-key',
    text: 'insert into data_key (subject, wrapped, master_key_id) values ($1, $2, $3) on conflict do nothing',
    values: [subject, wrapped, masterKeyId],
  });

/** Replaces the key with a tombstone, even if there is no key: values sealed for the subject read as erased from then on. */
export const destroyKey = (tx: Transaction, subject: string, now: Date) =>
  tx.query({
    name: 'destroy-data-key',
    text: `insert into data_key (subject, erased_at) values ($1, $2)
           on conflict (subject) do update set wrapped = null, master_key_id = null, erased_at = excluded.erased_at
           where data_key.erased_at is null`,
    values: [subject, now],
  });
