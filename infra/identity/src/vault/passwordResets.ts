import type { MailPurpose } from '@ums/contracts/events/mail';
import type pg from 'pg';

/** The user whose password a mail request is about. */
export interface ResetTarget {
  userId: string;
  /** The password of a suspended user cannot be set. */
  status: 'active' | 'suspended';
  /** The revision of the last event that revokes access tokens or changes the address: the link works while it is the same. */
  epoch: bigint;
  /** Of the user's current address, which is that of the request. */
  addressMac: Buffer;
  expiresAt: Date;
}

const PURPOSE: MailPurpose = 'reset-password';

/** `undefined` if no account has the address, for a request of another purpose, and once the request has expired. */
export const resetTarget = async (vault: pg.Pool, requestId: string): Promise<ResetTarget | undefined> => {
  const { rows } = await vault.query<Omit<ResetTarget, 'epoch'> & { epoch: string }>({
    name: 'find-reset-target',
    text: `select account.user_id as "userId", status, greatest(epoch, address_from) as epoch,
             mac as "addressMac", expires_at as "expiresAt"
           from mail_request
             join address on mac = address_mac and address.state = 'current'
             join account on account.user_id = address.user_id and status in ('active', 'suspended')
           where id = $1 and purpose = $2 and expires_at > now()`,
    values: [requestId, PURPOSE],
  });
  const [row] = rows;
  return row && { ...row, epoch: BigInt(row.epoch) };
};
