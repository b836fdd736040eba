import { erasureNoticePlace } from '@ums/contracts/erasureNotice';
import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Message } from '@ums/contracts/messages/message';
import { parseStream } from '@ums/contracts/streams';
import { endErasureNotice, findErasureNotice } from '@ums/identity/vault/erasureNotices';
import type { Outcome } from '@ums/kit/message-source/messageSource';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { openWith } from '@ums/kit/sealing/sealing';
import { type Composed, deliverOnce } from '../mail/deliverOnce.js';
import type { MailDeps } from '../mail/mailDeps.js';
import { TEMPLATES } from '../mail/templates/templates.js';

/** `UserErased`: the last mail, from the address kept for it alone; then that address is gone, too. */
export const mailGoodbye = async (deps: MailDeps, message: Message, recorded: RecordedEvent): Promise<Outcome> => {
  const userId = parseStream(recorded.stream)?.id;
  if (userId === undefined) return 'dead';
  const { eventId, correlationId } = message;
  const outcome = await deliverOnce(deps, { eventId, about: userId, correlationId }, () =>
    composeGoodbye(deps, userId),
  );
  if (outcome !== 'later') await endErasureNotice(deps.vault, userId);
  return outcome;
};

const composeGoodbye = async ({ vault, keys }: MailDeps, userId: string): Promise<Composed> => {
  const notice = await findErasureNotice(vault, userId);
  if (notice === undefined) return { skip: 'ended' };
  if (notice.expired) return { skip: 'expired' };
  const key = (await keys.fresh([notice.id])).get(notice.id);
  if (!Buffer.isBuffer(key)) return { skip: 'ended' };
  try {
    const to = openWith(key, erasureNoticePlace(notice.id), notice.address);
    return { to, language: 'en', template: 'goodbye', content: TEMPLATES.en.goodbye({}) };
  } catch (error) {
    if (error instanceof SealBroken) return { dead: error.name };
    throw error;
  }
};
