import type { ActorKind } from '../metadata.js';

/** One event of this service: which it is, whom it concerns, and who caused it. Its content is not part of the feed. */
export interface AuditEventBody {
  /**
   * Place in the log, as a decimal number. Rises from event to event, with gaps.
   * @pattern ^[0-9]{1,20}$
   */
  position: string;
  /** @format uuid */
  id: string;
  /**
   * The user whom the event concerns, if it concerns one.
   * @format uuid
   */
  userId: string | null;
  type: string;
  actor: {
    kind: ActorKind;
    /** A user id, or the name of a service; `null` for an anonymous actor. */
    id: string | null;
  };
  /**
   * When it happened, by the clock of the service that wrote it. The feed is in the order of the log, which may differ.
   * @format date-time
   */
  at: string;
  /**
   * Shared by all events that one request led to.
   * @format uuid
   */
  correlationId: string;
  /**
   * The grant that was asked for, decided or ended; `null` for other events.
   * @format uuid
   */
  grantId: string | null;
}

/**
 * A page of the feed of events. With filters it may hold fewer events than were asked for, or none, and still have a next page.
 * @example {"items": [{"position": "4711", "id": "0199c0de-0000-4000-8000-000000000003", "userId": "0199c0de-0000-4000-8000-000000000001", "type": "UserRenamed", "actor": {"kind": "user", "id": "0199c0de-0000-4000-8000-000000000001"}, "at": "2026-01-01T12:00:00.000Z", "correlationId": "0199c0de-0000-4000-8000-000000000004", "grantId": null}], "next": "4711"}
 */
export interface AuditEventPage {
  items: AuditEventBody[];
  /** The value of `after` for the next page in the same order; `null` on the last page. */
  next: string | null;
}
