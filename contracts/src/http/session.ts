import type { UserBody } from './user.js';

/** @example {"email": "ada@example.org", "password": "correct horse battery"} */
export interface LoginRequest {
  /**
   * @minLength 1
   * @maxLength 320
   */
  email: string;
  /**
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
}

/** Tokens of one session. */
export interface TokenPair {
  /** JWT, `at+jwt`, ES256 (RFC 9068). */
  accessToken: string;
  /** Good for one use; presented again after that, it ends the session. */
  refreshToken: string;
  tokenType: 'Bearer';
  /** Seconds the access token lives. */
  expiresIn: number;
}

export interface LoginResponse extends TokenPair {
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

/** @example {} */
export interface LogoutRequest {
  /**
   * Accepted for clients of the predecessor; the access token names the session.
   * @maxLength 1000
   */
  refreshToken?: string;
}
