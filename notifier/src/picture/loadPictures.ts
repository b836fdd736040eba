import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import { ERASED } from '@ums/contracts/personal';
import { NO_PICTURES, type UserPictures, withPicture } from '@ums/contracts/reducers/userPictures';
import { decode } from '@ums/contracts/stored/stored';
import { userStream } from '@ums/contracts/streams';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { UnknownFact } from '@ums/kit/facts/loadFacts';

/**
 * The pictures of a user, and `erased` once their erasure has started. Needs no data key, since pictures are ids.
 *
 * @throws LogUnavailable; UnknownFact or Undecodable when the history cannot be read.
 */
export const loadPictures = async (eventLog: EventLog, userId: string): Promise<UserPictures | 'erased'> => {
  const events = await eventLog.readStream(userStream(userId));
  return events.reduce<UserPictures | 'erased'>((pictures, event) => {
    const fact = decode(event, () => ERASED) as Fact<UserEvent> | undefined;
    if (fact === undefined) throw new UnknownFact(event.type);
    if (fact.type === 'UserErasureStarted' || pictures === 'erased') return 'erased';
    return isAboutPicture(fact) ? withPicture(pictures, fact) : pictures;
  }, NO_PICTURES);
};

type PictureFact = Extract<Fact<UserEvent>, { type: `ProfilePicture${string}` }>;

const isAboutPicture = (fact: Fact<UserEvent>): fact is PictureFact => fact.type.startsWith('ProfilePicture');
