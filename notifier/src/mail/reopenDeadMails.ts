import type pg from 'pg';

/**
 * Lets mails that were given up be tried again: they were certainly not sent. Mails in any other state stay as they are, so that
 * none is sent twice.
 */
export const reopenDeadMails = async (pool: pg.Pool, eventIds: readonly string[]): Promise<void> => {
  await pool.query({
    name: 'reopen-dead-mails',
    text: `update notifier.mail set state = 'claimed', lease_until = now(), at = now()
           where event_id = any($1) and state = 'dead'`,
    values: [eventIds],
  });
};
