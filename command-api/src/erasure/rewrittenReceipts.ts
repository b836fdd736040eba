import type { Transaction } from '@ums/kit/postgres/transaction';

/** How far the read models have come. */
export interface Projected {
  /** In decimal digits. Every read model has handled the events up to it. */
  position: string;
  /** Users whose rows may be older. */
  parked: readonly string[];
}

/**
 * The receipts of the erasures whose rows are all deleted, and may still be in the files of Postgres. Read it before the files
 * are rewritten: rows that are deleted later may be missed by the rewriting.
 */
export const receiptsToRewrite = async (vault: Transaction, { position, parked }: Projected): Promise<string[]> => {
  const { rows } = await vault.query<{ receipt: string }>({
    name: 'find-receipts-to-rewrite',
    text: `select receipt from erasure_receipt
           where disk_rewritten_at is null and finished_at is not null and mail_records_deleted_at is not null
             and position <= $1::numeric and user_id <> all($2::uuid[])`,
    values: [position, [...parked]],
  });
  return rows.map(({ receipt }) => receipt);
};

/** Notes that the files were rewritten without the rows of these erasures. */
export const noteRewritten = (vault: Transaction, receipts: readonly string[], at: Date) =>
  vault.query({
    name: 'note-disk-rewritten',
    text: `update erasure_receipt set disk_rewritten_at = $2
           where receipt = any($1::uuid[]) and disk_rewritten_at is null`,
    values: [[...receipts], at],
  });
