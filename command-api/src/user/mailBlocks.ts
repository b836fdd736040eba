import type { Fact } from '@ums/contracts/events/event';
import type { MailBlockKind } from '@ums/contracts/events/mailBounced';
import type { UserEvent } from '@ums/contracts/events/user';
import { isErased, type Personal } from '@ums/contracts/personal';

/**
 * Why addresses of a user get no mail: the current one, requested ones and earlier ones. Empty where the events were read without
 * the data key of the user.
 */
export type MailBlocks = ReadonlyMap<string, MailBlockKind>;

/** A complaint stays one, whatever follows. */
export const withMailBounced = (
  blocks: MailBlocks,
  { data: { email, kind } }: Extract<Fact<UserEvent>, { type: 'MailBounced' }>,
): MailBlocks => (isErased(email) || blocks.get(email) === 'complaint' ? blocks : new Map([...blocks, [email, kind]]));

/** The address gets mail again. */
export const withoutMailBlock = (blocks: MailBlocks, email: Personal): MailBlocks =>
  new Map([...blocks].filter(([blocked]) => blocked !== email));
