import { BEFORE_ALL, type Moment, type Past, profileAsOf } from '@ums/contracts/history/profileAsOf';
import type { PastUserBody } from '@ums/contracts/http/history';
import { pastUserBody } from '@ums/contracts/http/pastUserBody';
import type { UserBody } from '@ums/contracts/http/user';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { Refused } from '@ums/kit/refused';
import { grantInForce } from './grantInForce.js';
import type { AskedByOther, HistoryDeps, OwnHistoryDeps } from './historyDeps.js';
import { orUnavailable } from './orUnavailable.js';
import { ownSight, sightOf } from './sightOf.js';
import { userEvents } from './userEvents.js';

/**
 * The profile of any user as it was, for an auditor or an administrator. Personal values are masked unless the grant is open,
 * and erased once the user is. The read is on record before this returns or refuses with `user-erased`.
 *
 * @throws Refused `not-found` before the first event, and for a revision that the user has not reached; `user-erased` for a moment
 * after the erasure; `profile-unavailable`; LogUnavailable, DependencyUnavailable
 */
export const pastProfile = async (deps: HistoryDeps, asked: AskedByOther, moment: Moment): Promise<PastUserBody> => {
  const { reader, userId, origin } = asked;
  const { answer, grantId } = await orUnavailable(deps.log, userId, async () => {
    const inForce = await grantInForce(deps, asked);
    const { profile, erasedAt } = await pastOf(deps.eventLog, userId, moment);
    if (erasedAt !== undefined)
      return { answer: new Refused('user-erased', { members: { erasedAt } }), grantId: inForce };
    const sight = await sightOf(deps.keys, userId, inForce === null);
    return { answer: pastUserBody(required(profile), sight), grantId: inForce };
  });
  await deps.recordRead({ reader, userId, asked: 'as-of', grantId, origin });
  if (answer instanceof Refused) throw answer;
  return answer;
};

/** The own profile as it was, in clear. @throws Refused `unauthenticated` (erased); otherwise as {@link pastProfile} */
export const ownPastProfile = async (deps: OwnHistoryDeps, userId: string, moment: Moment): Promise<UserBody> =>
  orUnavailable(deps.log, userId, async () => {
    const { profile, erasedAt } = await pastOf(deps.eventLog, userId, moment);
    if (erasedAt !== undefined) throw new Refused('unauthenticated');
    // With the own sight no value is masked or erased.
    return pastUserBody(required(profile), await ownSight(deps.keys, userId)) as UserBody;
  });

const pastOf = async (eventLog: EventLog, userId: string, moment: Moment): Promise<Past> => {
  const end = 'revision' in moment ? moment.revision + 1n : undefined;
  let past = BEFORE_ALL;
  for await (const events of userEvents(eventLog, userId, end)) {
    const reached = profileAsOf(events, moment, past);
    past = reached.past;
    if (reached.isPassed) break;
  }
  if (past.revision === undefined) throw new Refused('not-found');
  if (end !== undefined && past.revision + 1n < end)
    throw new Refused('not-found', { members: { detail: 'The user has not reached this revision.' } });
  return past;
};

/** No event before the first registration makes a profile. */
const required = (profile: UserProfile | undefined): UserProfile => {
  if (profile === undefined) throw new Refused('not-found');
  return profile;
};
