import type { MailBlock, UserProfile } from '@ums/contracts/reducers/userProfile';
import type { Column } from '../projection/rowTable.js';

/** The columns of a profile that say why its address gets no mail; both are null while it does. */
export const mailBlockColumns: readonly Column<Pick<UserProfile, 'mailBlock'>>[] = [
  { name: 'mail_block', type: 'text', value: ({ mailBlock }) => mailBlock?.kind ?? null },
  { name: 'mail_blocked_at', type: 'timestamptz', value: ({ mailBlock }) => mailBlock?.since ?? null },
];

/** The block of a record of the table. */
export const readMailBlock = (record: Record<string, unknown>): MailBlock | undefined =>
  record.mail_block === null
    ? undefined
    : { kind: record.mail_block as MailBlock['kind'], since: (record.mail_blocked_at as Date).toISOString() };
