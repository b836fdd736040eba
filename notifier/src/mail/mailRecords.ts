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

export type FinalState = 'sent' | 'skipped' | 'dead' | 'unknown';

/** Mail records prevent a redelivered message from sending its mail twice (F-24). */
export interface MailRecords {
  /**
   * Takes the lease of a mail, also when an earlier lease has ended without a final state.
   *
   * @returns `taken` while another lease is valid, `final` when the mail needs no further attempt.
   */
  claim(mail: MailId & { correlationId: string | undefined }): Promise<Lease | 'taken' | 'final'>;
  /**
   * Must be the last step before the mailer is called.
   *
   * @returns `false` when the lease has ended or ends before the mailer's time-out: the mailer must not be called.
   */
  markSending(lease: Lease, template: string): Promise<boolean>;
  /** Ends the lease of a mail that the mailer certainly did not take. */
  release(lease: Lease): Promise<void>;
  finish(lease: Lease, state: FinalState, details?: { reason?: string; messageId?: string }): Promise<void>;
}

export interface MailRecordOptions {
  pool: pg.Pool;
  leaseMs: number;
  /** Time-out of the mailer. Must be less than `leaseMs`. */
  sendTimeoutMs: number;
}

const CLAIM = `
  insert into notifier.mail as m (event_id, about, correlation_id, state, lease, lease_until)
  values ($1, $2, $3, 'claimed', $4, now() + make_interval(secs => $5))
  on conflict (event_id, about) do update set
    state = 'claimed', lease = excluded.lease, lease_until = excluded.lease_until, at = now(),
    attempts = m.attempts + 1, resends = m.resends + case m.state when 'sending' then 1 else 0 end
  where m.state in ('claimed', 'sending') and m.lease_until <= now()
  returning resends`;
const STATE = 'select state from notifier.mail where event_id = $1 and about = $2';
const HELD = 'event_id = $1 and about = $2 and lease = $3';
const SENDING = `update notifier.mail set state = 'sending', template = $4, at = now()
  where ${HELD} and state = 'claimed' and lease_until > now() + make_interval(secs => $5)`;
const RELEASE = `update notifier.mail set state = 'claimed', lease_until = now(), at = now() where ${HELD}`;
const FINISH = `update notifier.mail set state = $4, reason = $5, message_id = $6, at = now() where ${HELD}`;

/** Leases use the database's clock, so the clocks of several notifiers need not agree. */
export const mailRecords = ({ pool, leaseMs, sendTimeoutMs }: MailRecordOptions): MailRecords => ({
  claim: async ({ eventId, about, correlationId }) => {
    const lease = randomUUID();
    const claimed = await pool.query<{ resends: number }>({
      name: 'claim-mail',
      text: CLAIM,
      values: [eventId, about, correlationId ?? null, lease, leaseMs / 1000],
    });
    const row = claimed.rows[0];
    if (row !== undefined) return { eventId, about, lease, resends: row.resends };
    const { rows } = await pool.query<{ state: string }>({
      name: 'find-mail-state',
      text: STATE,
      values: [eventId, about],
    });
    const state = rows[0]?.state;
    return state === undefined || state === 'claimed' || state === 'sending' ? 'taken' : 'final';
  },
  markSending: async ({ eventId, about, lease }, template) => {
    const { rowCount } = await pool.query({
      name: 'mark-mail-sending',
      text: SENDING,
      values: [eventId, about, lease, template, sendTimeoutMs / 1000],
    });
    return rowCount === 1;
  },
  release: async ({ eventId, about, lease }) => {
    await pool.query({ name: 'release-mail', text: RELEASE, values: [eventId, about, lease] });
  },
  finish: async ({ eventId, about, lease }, state, { reason, messageId } = {}) => {
    const values = [eventId, about, lease, state, reason ?? null, messageId ?? null];
    await pool.query({ name: 'finish-mail', text: FINISH, values });
  },
});
