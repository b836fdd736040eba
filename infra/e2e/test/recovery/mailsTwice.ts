import { execute } from '../../../embedded/test/postgres.js';
import type { MailWatch } from './mailWatch.js';

const databaseOf = (postgres: string): string => {
  const url = new URL(postgres);
  url.pathname = '/users';
  return url.href;
};

/**
 * Events somebody was mailed for more often than the records of the notifier explain: once, and once more for every time
 * that the mailer's answer was lost in a crash. @param postgres the superuser's URL.
 */
export const mailsTwice = async (postgres: string, { seen }: MailWatch): Promise<string[]> => {
  const sql = 'select event_id, sum(1 + resends)::int as allowed from notifier.mail group by event_id';
  const { rows } = await execute(databaseOf(postgres), sql);
  const allowed = new Map(rows.map((row) => [row.event_id as string, row.allowed as number]));
  return [...seen].flatMap(([event, ids]) => (ids.size > (allowed.get(event) ?? 0) ? [`event ${event}`] : []));
};

/** Mails still owed, and those given up. */
export const mailsOwed = async (postgres: string): Promise<string[]> => {
  const sql = "select event_id, state from notifier.mail where state not in ('sent', 'skipped')";
  const { rows } = await execute(databaseOf(postgres), sql);
  return rows.map(({ event_id: event, state }) => `event ${event}: ${state}`);
};

/** Ends the leases of processes that are dead, as half a minute would: the next instance may take the mails over at once. */
export const endDeadLeases = async (postgres: string, diedAt: Date): Promise<void> => {
  const dead = `lease_until > now() and at < '${diedAt.toISOString()}' and state in ('claimed', 'sending')`;
  await execute(databaseOf(postgres), `update notifier.mail set lease_until = now() where ${dead}`);
};
