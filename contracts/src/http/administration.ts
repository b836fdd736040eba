/** @example {"reason": "Reported for abuse, ticket 4711"} */
export interface SuspensionRequest {
  /**
   * Why the user is suspended or reinstated. Stored encrypted, and erased with the user. The rule is that of names, with 1
   * to 500 Unicode code points.
   * @minLength 1
   * @maxLength 5000 must have at most 500 characters
   * @extension {"x-declared": {"maxLength": 500}}
   */
  reason: string;
}

/** @example {"reason": "The mailbox was full, ticket 4711"} */
export interface MailBlockEndRequest {
  /**
   * Why the address gets mail again. Stored encrypted, and erased with the user. The rule is that of names, with 1 to 500
   * Unicode code points.
   * @minLength 1
   * @maxLength 5000 must have at most 500 characters
   * @extension {"x-declared": {"maxLength": 500}}
   */
  reason: string;
}

/** @example {"reason": "Asked by letter, ticket 4711", "password": "correct horse battery"} */
export interface EraseByAdministratorRequest {
  /**
   * Why the user is erased. Stored encrypted, and erased with the user. The rule is that of names, with 1 to 500 Unicode code
   * points.
   * @minLength 1
   * @maxLength 5000 must have at most 500 characters
   * @extension {"x-declared": {"maxLength": 500}}
   */
  reason: string;
  /**
   * The password of the administrator.
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
}

/** @example {"roles": ["user", "auditor"], "reason": "Joins the audit, ticket 4711", "password": "correct horse battery"} */
export interface RolesRequest {
  /**
   * All roles that the user holds afterwards; those not named are revoked.
   * @minItems 1
   * @uniqueItems
   * @extension {"x-declared": {"items": {"type": "string", "enum": ["user", "admin", "auditor", "service"]}}}
   */
  roles: string[];
  /**
   * Why the roles change. Stored encrypted, and erased with the user. The rule is that of names, with 1 to 500 Unicode code
   * points.
   * @minLength 1
   * @maxLength 5000 must have at most 500 characters
   * @extension {"x-declared": {"maxLength": 500}}
   */
  reason: string;
  /**
   * The password of the administrator. Required to grant `admin` or `auditor`.
   * @minLength 1
   * @maxLength 1000
   */
  password?: string;
}
