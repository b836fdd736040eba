import type { RecordedEvent } from '../events/event.js';
import type { UserProfile } from '../reducers/userProfile.js';
import { readMetadata } from '../stored/readMetadata.js';
import { profileSteps } from './profileSteps.js';

/**
 * A moment in the history of a user: just after the event with this revision, or a time in ISO 8601, UTC and milliseconds.
 * To a time belong all events before the first one that is later. Clocks of processes differ by milliseconds, so a later event
 * may have an earlier time; it is never applied without the events before it.
 */
export type Moment = { revision: bigint } | { time: string };

/** What was known of a user at a moment. Personal values are references, see `referTo`. */
export interface Past {
  /** Of the last event until then; `undefined` before the first one. */
  revision: bigint | undefined;
  profile: UserProfile | undefined;
  /** When the user was erased, if they were by then. */
  erasedAt: string | undefined;
}

export const BEFORE_ALL: Past = { revision: undefined, profile: undefined, erasedAt: undefined };

/**
 * Continues to a moment with the next events of a `user-` stream.
 *
 * @returns what was known at the moment, if it is before the end of these events; otherwise what was known at their end.
 * @throws Undecodable
 */
export const profileAsOf = (
  events: Iterable<RecordedEvent>,
  moment: Moment,
  past: Past = BEFORE_ALL,
): { past: Past; isPassed: boolean } => {
  let reached = past;
  for (const { recorded, fact, after } of profileSteps(events, past.profile)) {
    if (!isUntil(recorded, moment)) return { past: reached, isPassed: true };
    const isErasure = fact?.type === 'UserErasureStarted' || fact?.type === 'UserErased';
    const erasedAt = reached.erasedAt ?? (isErasure ? fact.metadata.at : undefined);
    reached = { revision: recorded.revision, profile: after, erasedAt };
  }
  return { past: reached, isPassed: false };
};

const isUntil = (recorded: RecordedEvent, moment: Moment): boolean =>
  'revision' in moment ? recorded.revision <= moment.revision : readMetadata(recorded).at <= moment.time;
