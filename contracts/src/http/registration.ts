/**
 * @example {"email": "ada@example.org", "name": "Ada Lovelace", "password": "correct horse battery"}
 */
export interface RegisterRequest {
  /**
   * White space and invisible characters around the address are ignored. The local part must be ASCII and not quoted.
   * @format email
   * @maxLength 1000 must have at most 254 characters
   * @extension {"x-declared": {"minLength": 5, "maxLength": 254}}
   */
  email: string;
  /**
   * 1 to 100 Unicode code points after NFC normalization and without the white space around them. At least one is visible;
   * none is invisible, breaks the line or changes the direction of text, and a letter has at most four marks.
   * @minLength 1
   * @maxLength 1000 must have at most 100 characters
   * @extension {"x-declared": {"maxLength": 100}}
   */
  name: string;
  /**
   * 15 to 128 Unicode code points after NFC normalization, no control characters. Common and easily guessed passwords are refused.
   * @maxLength 1000 must have at most 128 characters
   * @extension {"x-declared": {"minLength": 15, "maxLength": 128}}
   */
  password: string;
}

/** @example {"status": "confirmation-sent"} */
export interface ConfirmationSent {
  status: 'confirmation-sent';
}

/**
 * @example {"token": "v1.k1.confirm...", "password": "correct horse battery"}
 */
export interface ConfirmRequest {
  /**
   * The token from the mailed link.
   * @minLength 1
   * @maxLength 1000
   */
  token: string;
  /**
   * The password chosen at registration, or that of the account for a new address. Links that undo a change of the address
   * or reset the password need none, nor does a registration with `newPassword`. The bounds are wider than those of a new password,
   * because it is only compared.
   * @minLength 1
   * @maxLength 1000
   */
  password?: string;
  /**
   * Required for a link that resets the password. For the link of a registration, with `name` and without `password`, it takes the
   * place of the password chosen at registration: for users who have forgotten that, or were registered by someone else. 15 to 128
   * Unicode code points after NFC normalization, no control characters. Common and easily guessed passwords are refused.
   * @maxLength 1000 must have at most 128 characters
   * @extension {"x-declared": {"minLength": 15, "maxLength": 128}}
   */
  newPassword?: string;
  /**
   * Only for the link of a registration, and required there with `newPassword`: takes the place of the name given at registration.
   * Its rules are those of a registration.
   * @minLength 1
   * @maxLength 1000 must have at most 100 characters
   * @extension {"x-declared": {"maxLength": 100}}
   */
  name?: string;
}

/** @example {"status": "confirmed"} */
export interface Confirmed {
  /** What the link was for: a registration, a new address, the undoing of a change of the address, or a new password. */
  status: 'confirmed' | 'email-changed' | 'email-change-undone' | 'password-reset';
}

/** @example {"email": "ada@example.org"} */
export interface SendRequest {
  /**
   * White space and invisible characters around the address are ignored. The local part must be ASCII and not quoted.
   * @format email
   * @maxLength 1000 must have at most 254 characters
   * @extension {"x-declared": {"minLength": 5, "maxLength": 254}}
   */
  email: string;
}

/** @example {"email": "ada@example.org"} */
export interface PasswordResetRequest {
  /**
   * White space and invisible characters around the address are ignored. The local part must be ASCII and not quoted.
   * @format email
   * @maxLength 1000 must have at most 254 characters
   * @extension {"x-declared": {"minLength": 5, "maxLength": 254}}
   */
  email: string;
}

/** @example {"status": "reset-sent"} */
export interface ResetSent {
  status: 'reset-sent';
}
