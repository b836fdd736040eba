import type { MailPurpose } from '@ums/contracts/events/mail';
import type pg from 'pg';

/** The state of a registration and its address in the vault. */
export interface RegistrationStatus {
  expiresAt: Date;
  expired: boolean;
  completed: boolean;
  /** `false` = a rate limit suppressed its mail, or it needs none. */
  mail: boolean;
  /** The link of another registration has proven the address, so it needs no mail. */
  withLink: boolean;
  /**
   * `free`: of no account. `own`: of this registration's account. `taken`: of another account. `reserved`: another account had
   * it, and may have it back.
   */
  address: 'free' | 'own' | 'taken' | 'reserved';
  /** The address gets no mail, because one came back or its recipient complained. */
  isBlocked: boolean;
}

const STATUS = `
  select r.expires_at, r.expires_at <= now() as expired, r.completed_at is not null as completed, r.mail, r.with_link as "withLink",
    case when a.mac is null then 'free' when c.registration_id = r.id then 'own' when a.state = 'held' then 'reserved'
         else 'taken' end as address,
    exists (select from mail_block where mac = $2) as "isBlocked"
  from registration r
    left join address a on a.mac = $2
    left join account c on c.user_id = a.user_id
  where r.id = $1`;

interface Row extends Omit<RegistrationStatus, 'expiresAt'> {
  expires_at: Date;
}

/** `undefined` when the registration has ended and its row was deleted. */
export const registrationStatus = async (
  vault: pg.Pool,
  registrationId: string,
  addressMac: Buffer,
): Promise<RegistrationStatus | undefined> => {
  const { rows } = await vault.query<Row>({
    name: 'find-registration-status',
    text: STATUS,
    values: [registrationId, addressMac],
  });
  const row = rows[0];
  if (row === undefined) return undefined;
  const { expires_at: expiresAt, ...rest } = row;
  return { expiresAt, ...rest };
};

/** Registrations of one address that a request mails again, the newest first: an address may be flooded with them. */
export const MOST_MAILED_AGAIN = 3;

/** At most one registration of a taken address, because its owner gets one mail that says the account exists. */
const WAITING = `
  select r.id from mail_request w join registration r on r.address_mac = w.address_mac
  where w.id = $1 and w.purpose = $3 and w.expires_at > now() and r.completed_at is null and r.expires_at > now()
  order by r.requested_at desc, r.id
  limit case when exists (select from mail_request w join address a on a.mac = w.address_mac where w.id = $1)
    then 1 else $2::int end`;

/**
 * Ids of the newest waiting registrations of a mail request's address, at most {@link MOST_MAILED_AGAIN}; none for a request of
 * another purpose or after it has expired.
 */
export const waitingRegistrations = async (
  vault: pg.Pool,
  { requestId, purpose }: { requestId: string; purpose: MailPurpose },
): Promise<string[]> => {
  const { rows } = await vault.query<{ id: string }>({
    name: 'find-waiting-registrations',
    text: WAITING,
    values: [requestId, MOST_MAILED_AGAIN, purpose],
  });
  return rows.map((row) => row.id);
};
