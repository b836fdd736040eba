import type { UserBody } from './user.js';

/** @example {"email": "ada@example.org", "password": "correct horse battery"} */
export interface LoginRequest {
  /**
   * White space and invisible characters around the address are ignored. The local part must be ASCII and not quoted.
   * @format email
   * @maxLength 1000 must have at most 254 characters
   * @extension {"x-declared": {"minLength": 5, "maxLength": 254}}
   */
  email: string;
  /**
   * The bounds are wider than those of a new password, because it is only compared.
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
}

/**
 * The tokens of one session.
 * @example {"accessToken": "eyJ0eXAiOiJhdCtqd3QifQ...", "refreshToken": "v1.k1...", "tokenType": "Bearer", "expiresIn": 600}
 */
export interface TokenPair {
  /** A JWT of type `at+jwt`, signed with ES256. It is that of RFC 9068 without `client_id`: there are no clients of OAuth. */
  accessToken: string;
  /** Can be used once; apart from a repeat within a short grace period, a second use ends the session. */
  refreshToken: string;
  tokenType: 'Bearer';
  /**
   * Lifetime of the access token in seconds.
   * @isInt
   * @minimum 1
   */
  expiresIn: number;
}

/**
 * The tokens of a new session, and its user.
 * @example {"accessToken": "eyJ0eXAiOiJhdCtqd3QifQ...", "refreshToken": "v1.k1...", "tokenType": "Bearer", "expiresIn": 600, "user": {"id": "0199c0de-0000-4000-8000-000000000001", "email": "ada@example.org", "name": "Ada Lovelace", "status": "active", "roles": ["user"], "locale": "en", "registeredAt": "2026-01-01T12:00:00.000Z", "revision": 0, "picture": null, "mailBlock": null}}
 */
export interface OpenedSession extends TokenPair {
  user: UserBody;
}

/** @example {"refreshToken": "v1.k1..."} */
export interface RefreshRequest {
  /**
   * @minLength 1
   * @maxLength 1000
   */
  refreshToken: string;
}

/** @example {"refreshToken": "v1.k1..."} */
export interface LogoutRequest {
  /**
   * Identifies the session unless a valid access token does.
   * @maxLength 1000
   */
  refreshToken?: string;
}

/** A session of the caller that can still be refreshed. */
export interface SessionBody {
  /**
   * As in the entries of the history and in the claim `sid` of its access tokens.
   * @format uuid
   */
  id: string;
  /** Whether the request was sent with an access token of this session. */
  current: boolean;
  /** @format date-time */
  startedAt: string;
  /**
   * When its tokens were exchanged last; when it started if never.
   * @format date-time
   */
  refreshedAt: string;
  /**
   * When it ends unless it is refreshed before.
   * @format date-time
   */
  expiresAt: string;
}

/**
 * The current session comes first, then the others in the order in which they were refreshed, the latest first; a hundred at most.
 * @example {"items": [{"id": "0199c0de-0000-4000-8000-000000000002", "current": true, "startedAt": "2026-01-01T12:00:00.000Z", "refreshedAt": "2026-01-01T13:00:00.000Z", "expiresAt": "2026-01-15T13:00:00.000Z"}]}
 */
export interface SessionListBody {
  items: SessionBody[];
}

/** @example {"password": "correct horse battery"} */
export interface EndSessionsRequest {
  /**
   * The bounds are wider than those of a new password, because it is only compared.
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
}
