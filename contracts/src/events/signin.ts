import { type Declarations, type EventsOf, event } from './declaration.js';
import { id, oneOf } from './fields.js';

/** Facts of `signin-<userId>`: recorded, never folded. */
export const SIGNIN_EVENTS = {
  SessionStarted: event({ sessionId: id }),
  /** `reuse`: a refresh token that was already rotated was presented again (RFC 9700 §4.14.2). */
  SessionEnded: event({ sessionId: id, reason: oneOf('logout', 'reuse') }),
} satisfies Declarations;

export type SigninEvent = EventsOf<typeof SIGNIN_EVENTS>;
export type SessionEndReason = Extract<SigninEvent, { type: 'SessionEnded' }>['data']['reason'];
