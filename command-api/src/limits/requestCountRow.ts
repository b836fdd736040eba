import { inBatches } from '@ums/kit/postgres/inBatches';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** Adds requests of a source to its count in the window that ends at `ends`. @returns the count over all processes. */
export const addRequests = async (
  vault: Transaction,
  source: Buffer,
  ends: Date,
  requests: number,
): Promise<number> => {
  const { rows } = await vault.query<{ requests: number }>({
    name: 'add-requests',
    text: `insert into request_count (source, ends, requests) values ($1, $2, $3)
           on conflict (source, ends) do update set requests = request_count.requests + excluded.requests
           returning requests`,
    values: [source, ends, requests],
  });
  return rows[0]?.requests ?? requests;
};

/** Adds a request unless that would exceed the limit, in one statement. @returns whether it was added. */
export const takeRequest = async (vault: Transaction, source: Buffer, ends: Date, limit: number): Promise<boolean> => {
  const { rows } = await vault.query({
    name: 'take-request',
    text: `insert into request_count (source, ends, requests) values ($1, $2, 1)
           on conflict (source, ends) do update set requests = request_count.requests + 1
           where request_count.requests < $3
           returning requests`,
    values: [source, ends, limit],
  });
  return rows.length > 0;
};

/** Deletes the counts of past windows. */
export const sweepRequestCounts = (vault: Transaction, now: Date): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-request-counts',
      text: `delete from request_count where ctid = any(array(
               select ctid from request_count where ends <= $1 order by ends limit $2 for update skip locked))`,
      values: [now, limit],
    }),
  );
