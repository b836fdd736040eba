import type pg from 'pg';

/** The state of a request for a new address in the vault. */
export interface EmailChangeStatus {
  expiresAt: Date;
  expired: boolean;
  /** `false` = a rate limit suppressed its link. */
  mail: boolean;
  /** Whether another user has the new address, or may have it back. */
  isTaken: boolean;
}

/** `undefined` when the request has ended and its row was deleted. `expired` is by the vault's clock. */
export const emailChangeStatus = async (vault: pg.Pool, changeId: string): Promise<EmailChangeStatus | undefined> => {
  const { rows } = await vault.query<EmailChangeStatus>({
    name: 'find-email-change-status',
    text: `select expires_at as "expiresAt", expires_at <= now() as expired, mail,
             exists (select from address where mac = address_mac and user_id <> email_change.user_id) as "isTaken"
           from email_change where id = $1`,
    values: [changeId],
  });
  return rows[0];
};
