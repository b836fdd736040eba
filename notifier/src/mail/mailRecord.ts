import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** One mail: the fact that caused it, and whom or what it is about (one fact may cause several). */
export interface MailId {
  eventId: string;
  about: string;
}

/** Mails this process may send, until the database's clock says that its lease is over. */
export interface Lease extends MailId {
  lease: string;
  /** How often its answer got lost before: with this one it may arrive twice. */
  resends: number;
}

export type FinalState = 'sent' | 'skipped' | 'dead' | 'unknown';

/** The records that keep a redelivery from mailing somebody twice (F-24). */
export interface MailRecords {
  /** `taken`: another holds a living lease. `final`: nothing is left to do. A lease that ran out is taken over. */
  claim(mail: MailId & { correlationId: string | undefined }): Promise<Lease | 'taken' | 'final'>;
  /** The last step before the mailer is asked. `false` = the lease is over, or ends before the mailer's time-out does. */
  sending(lease: Lease, template: string): Promise<boolean>;
  /** Gives the lease back: the mailer was not asked, or certainly took nothing. */
  release(lease: Lease): Promise<void>;
  finish(lease: Lease, state: FinalState, details?: { reason?: string; messageId?: string }): Promise<void>;
}

export interface MailRecordOptions {
  pool: pg.Pool;
  leaseMs: number;
  /** The mailer's time-out; less than the lease. */
  sendMs: number;
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

export const mailRecords = ({ pool, leaseMs, sendMs }: MailRecordOptions): MailRecords => ({
  claim: async ({ eventId, about, correlationId }) => {
    const lease = randomUUID();
    const claimed = await pool.query<{ resends: number }>(CLAIM, [
      eventId,
      about,
      correlationId ?? null,
      lease,
      leaseMs / 1000,
    ]);
    const row = claimed.rows[0];
    if (row !== undefined) return { eventId, about, lease, resends: row.resends };
    const { rows } = await pool.query<{ state: string }>(STATE, [eventId, about]);
    const state = rows[0]?.state;
    return state === undefined || state === 'claimed' || state === 'sending' ? 'taken' : 'final';
  },
  sending: async ({ eventId, about, lease }, template) => {
    const { rowCount } = await pool.query(SENDING, [eventId, about, lease, template, sendMs / 1000]);
    return rowCount === 1;
  },
  release: async ({ eventId, about, lease }) => void (await pool.query(RELEASE, [eventId, about, lease])),
  finish: async ({ eventId, about, lease }, state, { reason, messageId } = {}) =>
    void (await pool.query(FINISH, [eventId, about, lease, state, reason ?? null, messageId ?? null])),
});
