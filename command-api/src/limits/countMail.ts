import type { Transaction } from '@ums/kit/postgres/transaction';
import type { AttemptBuckets } from './buckets.js';
import type { LimitSettings } from './limitSettings.js';

/**
 * `retry-at`: this source caused as many mails to the address as it may in an hour. `silent`: a limit over all sources or
 * all addresses is reached; answers must not show it, because it depends on what others did.
 */
export type MailCount = { outcome: 'counted' } | { outcome: 'silent' } | { outcome: 'retry-at'; at: Date };

/** Counts one mail against the limits of the last hour. One statement; see `count_mail` in the migrations. */
export const countMail = async (
  vault: Transaction,
  { account, source }: Pick<AttemptBuckets, 'account' | 'source'>,
  now: Date,
  { mailsPerAddressAndSource, mailsPerAddress, mailsPerSource }: LimitSettings,
): Promise<MailCount> => {
  const { rows } = await vault.query<{ counted: boolean; retry_at: Date | null }>({
    name: 'count-mail',
    text: 'select counted, retry_at from count_mail($1, $2, $3, $4, $5, $6)',
    values: [account, source, now, mailsPerAddressAndSource, mailsPerAddress, mailsPerSource],
  });
  const [row] = rows;
  if (row?.retry_at) return { outcome: 'retry-at', at: row.retry_at };
  return { outcome: row?.counted ? 'counted' : 'silent' };
};
