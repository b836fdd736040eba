/** @example {"userId": "0199c0de-0000-4000-8000-000000000001", "purpose": "Complaint of the user, ticket 4711", "minutes": 60, "password": "correct horse battery"} */
export interface GrantRequest {
  /**
   * The user whose personal values are to be seen.
   * @pattern ^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$
   */
  userId: string;
  /**
   * What the values are needed for. Stored encrypted, and erased with the user. The rule is that of names, with 1 to 500
   * Unicode code points.
   * @minLength 1
   * @maxLength 5000 must have at most 500 characters
   * @extension {"x-declared": {"maxLength": 500}}
   */
  purpose: string;
  /**
   * How long the grant is open once it is approved.
   * @isInt
   * @minimum 1
   * @maximum 240
   */
  minutes: number;
  /**
   * Your own password.
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
}

/** @example {"decision": "approve", "password": "correct horse battery"} */
export interface GrantDecisionRequest {
  decision: 'approve' | 'refuse';
  /**
   * Your own password.
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
}

/** A request to see the personal values of a user, and what became of it, without its purpose. */
export interface GrantSummary {
  /** @format uuid */
  id: string;
  /** `asked`: neither decided nor ended. `open`: approved, and not ended. */
  state: 'asked' | 'open' | 'refused' | 'ended';
  /**
   * The user it concerns.
   * @format uuid
   */
  userId: string;
  /**
   * @isInt
   * @minimum 1
   * @maximum 240
   */
  minutes: number;
  /**
   * Who asked.
   * @format uuid
   */
  askedBy: string;
  /** @format date-time */
  askedAt: string;
  /**
   * Who approved or refused it.
   * @format uuid
   */
  decidedBy: string | null;
  /** @format date-time */
  decidedAt: string | null;
  /**
   * When the grant ends by time: seven days after it was asked for while it is not decided, and its minutes after the
   * approval once it is approved. `null` once it was refused.
   * @format date-time
   */
  endsAt: string | null;
  /** @format date-time */
  endedAt: string | null;
  /**
   * `withdrawn` by who asked, `revoked` by an administrator, by `time` (its minutes were over, or there was no decision within
   * seven days), `user-erased`, or `asker-not-authorized`: suspended, erased, or without the roles to audit.
   */
  endReason: 'withdrawn' | 'revoked' | 'time' | 'user-erased' | 'asker-not-authorized' | null;
}

/**
 * A request to see the personal values of a user, and what became of it.
 * @example {"id": "0199c0de-0000-4000-8000-000000000090", "state": "open", "userId": "0199c0de-0000-4000-8000-000000000001", "minutes": 60, "purpose": "Complaint of the user, ticket 4711", "askedBy": "0199c0de-0000-4000-8000-000000000005", "askedAt": "2026-11-27T12:00:00.000Z", "decidedBy": "0199c0de-0000-4000-8000-000000000003", "decidedAt": "2026-11-27T12:01:00.000Z", "endsAt": "2026-11-27T13:01:00.000Z", "endedAt": null, "endReason": null}
 */
export interface GrantBody extends GrantSummary {
  /**
   * For who asked and who decided; before the decision, for everyone who may decide. `null` for others, and once the user is
   * erased.
   */
  purpose: string | null;
}

/**
 * A page of grants, the newest first. It may hold fewer than were asked for, or none, and still have a next page.
 * @example {"items": [{"id": "0199c0de-0000-4000-8000-000000000090", "state": "asked", "userId": "0199c0de-0000-4000-8000-000000000001", "minutes": 60, "askedBy": "0199c0de-0000-4000-8000-000000000005", "askedAt": "2026-11-27T12:00:00.000Z", "decidedBy": null, "decidedAt": null, "endsAt": "2026-12-04T12:00:00.000Z", "endedAt": null, "endReason": null}], "next": null}
 */
export interface GrantPage {
  items: GrantSummary[];
  /** The value of `after` for the next page; `null` on the last page. */
  next: string | null;
}

/** `waiting`: neither decided nor ended. `open`: approved, and not ended. `ended`: refused or ended. */
export type GrantStatus = 'waiting' | 'open' | 'ended';
