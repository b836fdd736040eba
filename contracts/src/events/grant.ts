import { type Declarations, type EventsOf, event } from './declaration.js';
import { id, oneOf, personal, wholeNumber } from './fields.js';

/** The longest time that a grant may be open, in minutes. */
export const LONGEST_GRANT_MINUTES = 240;

/** How long a grant waits for a decision: seven days, in milliseconds. */
export const WAITING_GRANT_MS = 7 * 86_400_000;

/**
 * Facts of `grant-<grantId>`: one request of an auditor or administrator, the actor of the first event, to see the personal
 * values of a user. A grant that is approved ends `minutes` after the approval, and one without a decision ends
 * {@link WAITING_GRANT_MS} after the request. Neither end has an event of its own.
 */
export const GRANT_EVENTS = {
  /** Revision 0. The purpose is sealed for the user it concerns, so it becomes unreadable when they are erased. */
  AccessRequested: event({
    userId: id,
    minutes: wholeNumber({ min: 1, max: LONGEST_GRANT_MINUTES }),
    purpose: personal,
  }),
  /** Another auditor or administrator, the actor, agreed: the grant is open from now on. */
  AccessApproved: event({}),
  /** Another auditor or administrator, the actor, disagreed. */
  AccessRefused: event({}),
  /** The actor ended it, decided or not: the one who asked (`withdrawn`), or an administrator (`revoked`). */
  AccessEnded: event({ reason: oneOf('withdrawn', 'revoked') }),
} satisfies Declarations;

export type GrantEvent = EventsOf<typeof GRANT_EVENTS>;
export type GrantEndReason = Extract<GrantEvent, { type: 'AccessEnded' }>['data']['reason'];
