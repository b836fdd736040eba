/** @example {"password": "correct horse battery"} */
export interface ExportRequest {
  /**
   * The bounds are wider than those of a new password, because it is only compared.
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
}

/** @example {"password": "correct horse battery", "grant": "0199c0de-0000-4000-8000-000000000090"} */
export interface ExportUserRequest {
  /**
   * Your own password.
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
  /**
   * Your own request for access to this user, which is open.
   * @pattern ^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$
   */
  grant: string;
}
