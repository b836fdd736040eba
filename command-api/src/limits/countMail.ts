import type { Transaction } from '@ums/kit/postgres/transaction';
import type { AttemptBuckets } from './buckets.js';
import type { LimitSettings } from './limitSettings.js';

/**
 * The result of {@link countMail}. `retry_at`: this source caused as many mails as it may in an hour, to the address or to all
 * addresses, so nothing was counted. Not `counted` otherwise: the limit of the address over all sources is reached; answers
 * must not show it, because it depends on what others did.
 */
export interface MailCount {
  counted: boolean;
  retry_at: Date | null;
}

/** The parameters of {@link countMail}, in order. */
export type MailCountValues = readonly [Buffer, Buffer, Date, number, number, number];

export const mailCountValues = (
  { account, source }: Pick<AttemptBuckets, 'account' | 'source'>,
  now: Date,
  { mailsPerAddressAndSource, mailsPerAddress, mailsPerSource }: LimitSettings,
): MailCountValues => [account, source, now, mailsPerAddressAndSource, mailsPerAddress, mailsPerSource];

/**
 * A query that counts one mail against the limits of the last hour and gives a {@link MailCount}, for use as a common table
 * expression in the statement that stores what the mail is about. See `count_mail` in the migrations.
 *
 * @param first number of its first parameter in the statement.
 */
export const countMail = (first: number): string =>
  `select counted, retry_at from count_mail(${[0, 1, 2, 3, 4, 5].map((index) => `$${first + index}`).join(', ')})`;

/** Counts a mail for which nothing has to be stored. */
export const countMailAlone = async (vault: Transaction, mail: MailCountValues): Promise<MailCount> => {
  const { rows } = await vault.query<MailCount>({ name: 'count-mail', text: countMail(1), values: [...mail] });
  return rows[0] as MailCount;
};

/** Counts a mail no more. @param counted of its {@link MailCount} */
export const uncountMail = async (
  vault: Transaction,
  [account, source, at]: MailCountValues,
  counted: boolean,
): Promise<void> => {
  await vault.query({
    name: 'uncount-mail',
    // One of those that were counted at the same moment.
    text: `delete from attempt where id =
             (select id from attempt where account = $1 and source = $2 and at = $3 and state = $4 limit 1)`,
    values: [account, source, at, counted ? 'mail' : 'silent'],
  });
};
