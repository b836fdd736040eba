import { type Declarations, type EventsOf, event } from './declaration.js';
import { id, oneOf } from './fields.js';

/** Facts of `signin-<userId>`: recorded, never folded. */
export const SIGNIN_EVENTS = {
  SessionStarted: event({ sessionId: id }),
  /**
   * `reuse`: a refresh token that was already rotated was presented again (RFC 9700 §4.14.2). `refused`: the account was
   * suspended or changed during the log-in, which was refused after its start was recorded; nobody got tokens of the session.
   */
  SessionEnded: event({ sessionId: id, reason: oneOf('logout', 'reuse', 'refused') }),
} satisfies Declarations;

export type SigninEvent = EventsOf<typeof SIGNIN_EVENTS>;
export type SessionEndReason = Extract<SigninEvent, { type: 'SessionEnded' }>['data']['reason'];
