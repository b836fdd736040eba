import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** Identifies one mail: the event that caused it and, as one event may cause several mails, the subject it is about. */
export interface MailId {
  eventId: string;
  about: string;
}

/** The right to send one mail until `lease_until`, by the database's clock. */
export interface Lease extends MailId {
  lease: string;
  /** How many answers of the mailer were lost before. Above 0, this attempt may deliver the mail a second time. */
  resends: number;
}

/**
 * What a claim makes of a mail. `sending` must be followed by a call of the mailer at once: a process that ends in between
 * leaves a record that reads as a lost answer. `skipped` and `dead` are final.
 */
export type ClaimedState =
  | { state: 'sending'; template: string }
  | { state: 'skipped'; reason: string }
  | { state: 'dead'; reason: string };

/** Mail records prevent a redelivered message from sending its mail twice (F-24). */
export interface MailRecords {
  /** How long after the start of composing the mailer may be called: the lease without the mailer's time-out. */
  sendWithinMs: number;
  /**
   * Claims a mail and records what becomes of it, in one statement. Also claims a mail whose earlier lease has ended without
   * a final state.
   *
   * @returns `taken` while another lease is valid, `final` when the mail needs no further attempt, `given-up` when this
   * claim found a second lost answer and recorded the mail as `unknown`.
   */
  claim(
    mail: MailId & { correlationId: string | undefined },
    next: ClaimedState,
  ): Promise<Lease | 'taken' | 'final' | 'given-up'>;
  /** Ends the lease of a mail that the mailer certainly did not take: it can be claimed at once, and no answer was lost. */
  release(lease: Lease): Promise<void>;
  /** Lets ten minutes pass before a mail is sent for the second and last time, so that a shorter outage of the provider is over. */
  postpone(lease: Lease): Promise<void>;
  finish(lease: Lease, state: 'sent' | 'dead', details: { reason?: string; messageId?: string }): Promise<void>;
}

export interface MailRecordOptions {
  pool: pg.Pool;
  leaseMs: number;
  /** Time-out of the mailer. Must be less than `leaseMs`. */
  sendTimeoutMs: number;
}

const CLAIM = `
  insert into notifier.mail as m (event_id, about, correlation_id, state, template, reason, lease, lease_until)
  values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8))
  on conflict (event_id, about) do update set
    state = case when m.state = 'sending' and m.resends > 0 then 'unknown' else excluded.state end,
    resends = m.resends + case m.state when 'sending' then 1 else 0 end, attempts = m.attempts + 1,
    template = coalesce(excluded.template, m.template), reason = excluded.reason,
    lease = excluded.lease, lease_until = excluded.lease_until, at = now()
  where m.state in ('claimed', 'sending') and m.lease_until <= now()
  returning state, resends`;
const STATE = 'select state from notifier.mail where event_id = $1 and about = $2';
const HELD = 'event_id = $1 and about = $2 and lease = $3';
const RELEASE = `update notifier.mail set state = 'claimed', lease_until = now(), at = now() where ${HELD}`;
const POSTPONE = `update notifier.mail set lease_until = now() + interval '10 minutes', at = now() where ${HELD}`;
const FINISH = `update notifier.mail set state = $4, reason = $5, message_id = $6, at = now() where ${HELD}`;

/** Leases use the database's clock, so the clocks of several notifiers need not agree. */
export const mailRecords = ({ pool, leaseMs, sendTimeoutMs }: MailRecordOptions): MailRecords => ({
  sendWithinMs: leaseMs - sendTimeoutMs,
  claim: async ({ eventId, about, correlationId }, next) => {
    const lease = randomUUID();
    const template = next.state === 'sending' ? next.template : null;
    const reason = next.state === 'sending' ? null : next.reason;
    const claimed = await pool.query<{ state: string; resends: number }>({
      name: 'claim-mail',
      text: CLAIM,
      values: [eventId, about, correlationId ?? null, next.state, template, reason, lease, leaseMs / 1000],
    });
    const row = claimed.rows[0];
    if (row !== undefined)
      return row.state === 'unknown' ? 'given-up' : { eventId, about, lease, resends: row.resends };
    const { rows } = await pool.query<{ state: string }>({
      name: 'find-mail-state',
      text: STATE,
      values: [eventId, about],
    });
    const state = rows[0]?.state;
    return state === undefined || state === 'claimed' || state === 'sending' ? 'taken' : 'final';
  },
  release: async ({ eventId, about, lease }) => {
    await pool.query({ name: 'release-mail', text: RELEASE, values: [eventId, about, lease] });
  },
  postpone: async ({ eventId, about, lease }) => {
    await pool.query({ name: 'postpone-mail', text: POSTPONE, values: [eventId, about, lease] });
  },
  finish: async ({ eventId, about, lease }, state, { reason, messageId }) => {
    const values = [eventId, about, lease, state, reason ?? null, messageId ?? null];
    await pool.query({ name: 'finish-mail', text: FINISH, values });
  },
});
