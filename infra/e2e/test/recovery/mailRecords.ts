import { execute } from '../../../embedded/test/postgres.js';
import type { InboxHistory } from './inboxHistory.js';

const database = (postgres: string, name: 'users' | 'vault'): string => {
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  return url.href;
};

/**
 * Events with more mails than the notifier's records allow: one, and one more for each time that the mailer's answer was
 * lost in a crash.
 * @param postgres the superuser's URL
 */
export const duplicateMails = async (postgres: string, { mailsByEvent }: InboxHistory): Promise<string[]> => {
  const sql = 'select event_id, sum(1 + resends)::int as allowed from notifier.mail group by event_id';
  const { rows } = await execute(database(postgres, 'users'), sql);
  const allowed = new Map(rows.map((row) => [row.event_id as string, row.allowed as number]));
  return [...mailsByEvent].flatMap(([event, mails]) =>
    mails.size > (allowed.get(event) ?? 0) ? [`event ${event}: ${mails.size} mails`] : [],
  );
};

/** Mails that are not sent yet, and mails that the notifier has given up. */
export const unsentMails = async (postgres: string): Promise<string[]> => {
  const sql = "select event_id, state from notifier.mail where state not in ('sent', 'skipped')";
  const { rows } = await execute(database(postgres, 'users'), sql);
  return rows.map(({ event_id: event, state }) => `event ${event}: mail ${state}`);
};

/**
 * Expires the leases of a killed process now instead of after half a minute, so that the next one takes over its mails and
 * the registrations it claimed. They are those from before the start of Postgres: the server before went on with the statements of
 * the killed process until the next one ended it.
 */
export const expireLeasesOfKilled = async (postgres: string): Promise<void> => {
  const start = 'pg_postmaster_start_time()';
  const left = `lease_until > now() and at < ${start} and state in ('claimed', 'sending')`;
  await execute(database(postgres, 'users'), `update notifier.mail set lease_until = now() where ${left}`);
  const age = "set claimed_at = claimed_at - interval '30 s'";
  await execute(database(postgres, 'vault'), `update account ${age} where claimed_at < ${start}`);
};
