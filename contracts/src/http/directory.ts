import type { UserBody } from './user.js';

/**
 * 1 to 100 Unicode code points.
 * @minLength 1
 * @maxLength 1000 must have at most 100 characters
 */
export type SearchText = string;

/**
 * A page of users: in order of registration, or of the texts that a search finds them by.
 * @example {"items": [{"id": "0199c0de-0000-4000-8000-000000000001", "email": "ada@example.org", "name": "Ada Lovelace", "status": "active", "roles": ["user"], "locale": "en", "registeredAt": "2026-01-01T12:00:00.000Z", "revision": 0, "picture": null, "mailBlock": null}], "previous": null, "next": null}
 */
export interface UserPage {
  items: UserBody[];
  /** The value of `before` for the page before this one; `null` on the first page. */
  previous: string | null;
  /** The value of `after` for the next page; `null` on the last page. */
  next: string | null;
}

/** Numbers of users: all, and those who hold each role. A user with several roles counts for each of them. */
export interface UserCounts {
  /**
   * @isInt
   * @minimum 0
   */
  total: number;
  roles: {
    /**
     * @isInt
     * @minimum 0
     */
    user: number;
    /**
     * @isInt
     * @minimum 0
     */
    admin: number;
    /**
     * @isInt
     * @minimum 0
     */
    auditor: number;
    /**
     * @isInt
     * @minimum 0
     */
    service: number;
  };
}

/**
 * How many users there are, by status and role. Erased users do not count.
 * @example {"total": 3, "active": {"total": 2, "roles": {"user": 2, "admin": 1, "auditor": 0, "service": 0}}, "suspended": {"total": 1, "roles": {"user": 1, "admin": 0, "auditor": 0, "service": 0}}}
 */
export interface UserSummary {
  /**
   * @isInt
   * @minimum 0
   */
  total: number;
  active: UserCounts;
  suspended: UserCounts;
}
