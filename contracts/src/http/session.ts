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

/** The tokens of one session. */
export interface TokenPair {
  /** A JWT of type `at+jwt`, signed with ES256 (RFC 9068). */
  accessToken: string;
  /** Can be used once; apart from a repeat within a short grace period, a second use ends the session. */
  refreshToken: string;
  tokenType: 'Bearer';
  /** Lifetime of the access token in seconds. */
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

/** @example {"refreshToken": "v1.k1..."} */
export interface LogoutRequest {
  /**
   * Identifies the session unless a valid access token does.
   * @maxLength 1000
   */
  refreshToken?: string;
}
