import { type Declarations, type EventsOf, event } from './declaration.js';
import { oneOf, optionalId, wholeNumber } from './fields.js';

/** What was read: a kind of route. All are read by auditors or administrators; users make exports of their own data too. */
export const ACCESS_KINDS = ['history', 'as-of', 'proof', 'grant', 'feed', 'export'] as const;

export type AccessKind = (typeof ACCESS_KINDS)[number];

/** Facts of `access-<userId>`: who read what about a user. Recorded, never folded. */
export const ACCESS_EVENTS = {
  /**
   * The actor read about the user, or about no user in particular (`null`), under a grant or without one. `reads`: how many
   * reads of the same reader, user, kind and grant this event records; those since the record before it.
   */
  HistoryRead: event({
    ...{ userId: optionalId, asked: oneOf(...ACCESS_KINDS), grantId: optionalId },
    reads: wholeNumber({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  }),
} satisfies Declarations;

export type AccessEvent = EventsOf<typeof ACCESS_EVENTS>;
