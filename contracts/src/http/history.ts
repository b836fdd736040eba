import type { MailBlockBody, PictureBody } from './user.js';

/** Stands for a value that exists and that you may not see without a grant. */
export interface MaskedValue {
  /** Always `true`. */
  masked: true;
}

/** Stands for a value that nobody can read any more, because the user was erased. */
export interface ErasedValue {
  /** Always `true`. */
  erased: true;
}

/** The state of a picture, without links: pictures of the past are deleted. */
export interface PictureState {
  status: 'processing' | 'ready' | 'rejected';
  /** Why the upload was rejected; only with the status `rejected`. */
  reason?:
    | 'not-a-picture'
    | 'damaged'
    | 'too-many-pixels'
    | 'time-limit'
    | 'memory-limit'
    | 'decoder-crashed'
    | 'upload-lost';
}

/**
 * A field of the profile that an event changed. `newEmail` is an address that was asked for and is not confirmed yet; `before` is
 * `null` then.
 */
export interface HistoryChange {
  // The names of members in clients: an enum of Kotlin cannot have one `name`, which each of its members has already.
  /**
   * @extension {"x-declared": {"x-enum-varnames": ["EMAIL", "NEW_EMAIL", "NAME", "STATUS", "ROLES", "LOCALE", "REGISTERED_AT", "PICTURE", "MAIL_BLOCK", "PASSWORD"]}}
   */
  field:
    | 'email'
    | 'newEmail'
    | 'name'
    | 'status'
    | 'roles'
    | 'locale'
    | 'registeredAt'
    | 'picture'
    | 'mailBlock'
    | 'password';
  /** The value before the event; `null` if there was none. Absent for `password`, whose values are never shown. */
  before?: string | string[] | PictureState | MailBlockBody | MaskedValue | ErasedValue | null;
  /** The value after the event; `null` if there is none. Absent for `password`. */
  after?: string | string[] | PictureState | MailBlockBody | MaskedValue | ErasedValue | null;
}

/** Where a request came from. */
export interface RequestSource {
  ip: string;
  userAgent: string;
}

/** One event of the history of a user. */
export interface HistoryEntry {
  /**
   * What the event belongs to: `user` is the account, `signin` its sessions, `access` a record of who read its history. Revisions
   * count each of them for itself.
   */
  stream: 'user' | 'signin' | 'access';
  /**
   * @isInt
   * @minimum 0
   */
  revision: number;
  /**
   * Where the event stands in the log of all users: a number in decimal digits, which may be larger than 2^53. Positions rise in
   * the order in which events were written, and entries are in this order.
   * @pattern ^[0-9]+$
   */
  position: string;
  /** @format uuid */
  eventId: string;
  /** Such as `UserRenamed`. New types may be added. */
  type: string;
  /**
   * ISO 8601 in UTC, by the clock of the process that wrote the event.
   * @format date-time
   */
  at: string;
  /** Who caused the event: `id` is the id of a user, or the name of a service; `null` for `anonymous`. */
  actor: { kind: 'user' | 'admin' | 'auditor' | 'service' | 'anonymous'; id: string | null };
  /** Why, in the words of the actor; `null` if no reason was given. */
  reason: string | MaskedValue | ErasedValue | null;
  /**
   * Of the request that led to the event; log lines, mails and messages have it too.
   * @format uuid
   */
  correlationId: string;
  /** Where the request came from; `null` if it came from no client. That of another person is always masked. */
  source: RequestSource | MaskedValue | ErasedValue | null;
  /** The fields of the profile that the event changed, by the rules that make the profile itself. */
  changes: HistoryChange[];
  /**
   * The session that began or ended; only of the stream `signin`. `refused`: the account was suspended or changed during the
   * log-in, which was refused after its start was recorded.
   */
  session?: {
    /** @format uuid */
    id: string;
    ended: 'logout' | 'reuse' | 'refused' | null;
  };
  /**
   * What the actor read, how many times since the record before, and the grant under which values were shown; only of the stream
   * `access`. One entry stands for up to five minutes. An auditor's own history also has what they read about no user in
   * particular (`feed`).
   */
  read?: {
    asked: 'history' | 'as-of' | 'proof' | 'grant' | 'feed' | 'export';
    /** @format uuid */
    grantId: string | null;
    /** @isInt */
    reads: number;
  };
}

/**
 * A page of the history of a user.
 * @example {"items": [{"stream": "user", "revision": 1, "position": "18014398509481984", "eventId": "0199c0de-0000-4000-8000-000000000003", "type": "UserRenamed", "at": "2026-01-02T12:00:00.000Z", "actor": {"kind": "user", "id": "0199c0de-0000-4000-8000-000000000001"}, "reason": null, "correlationId": "0199c0de-0000-4000-8000-000000000004", "source": {"masked": true}, "changes": [{"field": "name", "before": {"masked": true}, "after": {"masked": true}}]}], "previous": null, "next": null}
 */
export interface HistoryPage {
  items: HistoryEntry[];
  /** The value of `before` for the page before this one; `null` on the first page. */
  previous: string | null;
  /** The value of `after` for the next page; `null` on the last page. */
  next: string | null;
}

/** A profile as an administrator or auditor reads it: as it is, or as it was. Personal values may be masked. */
export interface PastUserBody {
  /** @format uuid */
  id: string;
  /** @format email */
  email: string | MaskedValue | ErasedValue;
  name: string | MaskedValue | ErasedValue;
  status: 'active' | 'suspended';
  roles: ('user' | 'admin' | 'auditor' | 'service')[];
  /** The language of mails to the user. */
  locale: 'en' | 'de';
  /**
   * ISO 8601 in UTC.
   * @format date-time
   */
  registeredAt: string;
  /**
   * Revision of the user at the moment of the profile.
   * @isInt
   * @minimum 0
   */
  revision: number;
  /** The profile picture; `null` if there is none. Only an administrator who reads the profile as it is gets links. */
  picture: PictureBody | null;
  /** Why the address gets no mail; `null` while it does. */
  mailBlock: MailBlockBody | null;
}
