import { publicField } from '@ums/contracts/events/publicBody';
import { DEFAULT_LOCALE, isLocale, type Locale } from '@ums/contracts/locale';
import { decodeWithoutKeys } from '@ums/contracts/stored/stored';
import { userStream } from '@ums/contracts/streams';
import type { EventLog } from '@ums/kit/event-log/eventLog';

const SETS_LOCALE: readonly (string | undefined)[] = ['UserRegistered', 'UserLocaleChanged'];

/**
 * The language of mails to a user, as of their newest event. Needs no data key, so it is known after an erasure too. Events
 * that cannot be decoded are ignored: a mail in another language is better than none.
 *
 * @throws LogUnavailable
 */
export const userLocale = async (eventLog: EventLog, userId: string): Promise<Locale> => {
  const events = await eventLog.readStream(userStream(userId));
  const chosen = events.map(decodeWithoutKeys).filter((decoded) => SETS_LOCALE.includes(decoded?.type));
  return chosen.map((decoded) => publicField(decoded?.data, 'locale')).findLast(isLocale) ?? DEFAULT_LOCALE;
};
