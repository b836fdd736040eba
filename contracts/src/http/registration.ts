/**
 * @example {"email": "ada@example.org", "name": "Ada Lovelace", "password": "correct horse battery"}
 */
export interface RegisterRequest {
  /**
   * @minLength 3
   * @maxLength 320
   */
  email: string;
  /**
   * 1 to 100 Unicode code points after NFC normalization, without control characters.
   * @minLength 1
   * @maxLength 1000
   */
  name: string;
  /**
   * 15 to 128 Unicode code points after NFC normalization. Common and easily guessed passwords are refused.
   * @minLength 1
   * @maxLength 1000
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
   * The password chosen at registration.
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
}

/** @example {"status": "confirmed"} */
export interface Confirmed {
  status: 'confirmed';
}

/** @example {"email": "ada@example.org"} */
export interface SendRequest {
  /**
   * @minLength 3
   * @maxLength 320
   */
  email: string;
}
