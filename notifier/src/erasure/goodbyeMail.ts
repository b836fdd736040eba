import type { RecordedEvent } from '@ums/contracts/events/event';
import { farewellPlace } from '@ums/contracts/farewell';
import type { Message } from '@ums/contracts/messages/message';
import { parseStream } from '@ums/contracts/streams';
import type { Outcome } from '@ums/kit/message-source/messageSource';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { openWith } from '@ums/kit/sealing/sealing';
import { type Composed, deliverOnce } from '../mail/deliverOnce.js';
import { TEMPLATES } from '../mail/templates/templates.js';
import type { MailDeps } from '../mailDeps.js';

const END = 'select end_farewell(id) from farewell where user_id = $1';

/** `UserErased`: the last mail, from the address kept for it alone; then that address is gone, too. */
export const mailGoodbye = async (deps: MailDeps, message: Message, recorded: RecordedEvent): Promise<Outcome> => {
  const userId = parseStream(recorded.stream)?.id;
  if (userId === undefined) return 'dead';
  const { eventId, correlationId } = message;
  const outcome = await deliverOnce(deps, { eventId, about: userId, correlationId }, () =>
    composeGoodbye(deps, userId),
  );
  if (outcome !== 'later') await deps.vault.query(END, [userId]);
  return outcome;
};

interface Farewell {
  id: string;
  address: string;
  expired: boolean;
}

const composeGoodbye = async ({ vault, keys }: MailDeps, userId: string): Promise<Composed> => {
  const sql = 'select id, address, expires_at <= now() as expired from farewell where user_id = $1';
  const farewell = (await vault.query<Farewell>(sql, [userId])).rows[0];
  if (farewell === undefined) return { skip: 'ended' };
  if (farewell.expired) return { skip: 'expired' };
  const key = (await keys.fresh([farewell.id])).get(farewell.id);
  if (!Buffer.isBuffer(key)) return { skip: 'ended' };
  try {
    const to = openWith(key, farewellPlace(farewell.id), farewell.address);
    return { to, language: 'en', template: 'goodbye', content: TEMPLATES.en.goodbye({}) };
  } catch (error) {
    if (error instanceof SealBroken) return { dead: error.name };
    throw error;
  }
};
