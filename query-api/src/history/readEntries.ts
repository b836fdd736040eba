import { type ProfileStep, profileSteps } from '@ums/contracts/history/profileSteps';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import type { FoundEntry, HistoryStream } from '@ums/identity/history/historyEntry';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { HistoryRequest } from './historyRequest.js';
import { userEvents } from './userEvents.js';

type ReadPart = Pick<EventLog, 'readPart'>;

/**
 * The entries of the account for a page, in the direction of reading, and one more if there are more. All events before the
 * page are read too, because the profile is folded from them.
 *
 * @returns `undefined` when no such user ever existed.
 * @throws LogUnavailable, Undecodable
 */
export const readAccount = async (
  eventLog: ReadPart,
  userId: string,
  { from, limit, isTowardsOlder }: HistoryRequest,
): Promise<FoundEntry[] | undefined> => {
  const place = from?.user;
  const first = isTowardsOlder ? 0n : (place ?? 0n);
  const end = isTowardsOlder ? place : first + BigInt(limit) + 1n;
  let exists = false;
  let profile: UserProfile | undefined;
  const steps: ProfileStep[] = [];
  // At least one event, which shows that the user exists.
  for await (const events of userEvents(eventLog, userId, end === 0n ? 1n : end)) {
    exists = true;
    for (const step of profileSteps(events, profile)) {
      profile = step.after;
      const { revision } = step.recorded;
      if (revision < first || (end !== undefined && revision >= end)) continue;
      steps.push(step);
      if (steps.length > limit + 1) steps.shift();
    }
  }
  if (!exists) return undefined;
  const ordered = isTowardsOlder ? steps.reverse() : steps;
  return ordered.map((step) => ({ stream: 'user', recorded: step.recorded, step }));
};

/** The entries of a stream that is never folded, in the direction of reading, and one more if there are more. @throws LogUnavailable */
export const readOthers = async (
  eventLog: ReadPart,
  name: string,
  stream: HistoryStream,
  { from, limit, isTowardsOlder }: HistoryRequest,
): Promise<FoundEntry[]> => {
  const place = from?.[stream];
  if (isTowardsOlder && place === 0n) return [];
  const start = place === undefined ? {} : { from: isTowardsOlder ? place - 1n : place };
  const events = await eventLog.readPart(name, { ...start, limit: limit + 1, isBackwards: isTowardsOlder });
  return events.map((recorded) => ({ stream, recorded }));
};
