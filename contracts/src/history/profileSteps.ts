import type { Fact, RecordedEvent } from '../events/event.js';
import type { UserEvent } from '../events/user.js';
import { type UserProfile, userProfile } from '../reducers/userProfile.js';
import { decode } from '../stored/stored.js';
import { referTo } from './sealedReference.js';

/** One event of a `user-` stream, and the profile before and after it. Personal values are references, see `referTo`. */
export interface ProfileStep {
  recorded: RecordedEvent;
  /** `undefined` for a type that this version does not know; it changes nothing. */
  fact: Fact<UserEvent> | undefined;
  before: UserProfile | undefined;
  after: UserProfile | undefined;
}

/**
 * Folds the events of a `user-` stream with the reducer of profiles, without keys.
 *
 * @param start the profile before the first of the events.
 * @throws Undecodable when a known event lacks what its shape requires.
 */
export function* profileSteps(events: Iterable<RecordedEvent>, start?: UserProfile): Generator<ProfileStep> {
  let before = start;
  for (const recorded of events) {
    const fact = decode(recorded, referTo) as Fact<UserEvent> | undefined;
    const after = fact === undefined ? before : userProfile(before, fact);
    yield { recorded, fact, before, after };
    before = after;
  }
}
