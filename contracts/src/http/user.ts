/**
 * A user, as the user and administrators see it.
 * @example {"id": "0199c0de-0000-4000-8000-000000000001", "email": "ada@example.org", "name": "Ada Lovelace", "status": "active", "roles": ["user"], "locale": "en", "registeredAt": "2026-01-01T12:00:00.000Z", "revision": 0, "picture": null, "mailBlock": null}
 */
export interface UserBody {
  /** @format uuid */
  id: string;
  /** @format email */
  email: string;
  name: string;
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
   * Revision of the user; `If-Match` is compared with it.
   * @isInt
   * @minimum 0
   */
  revision: number;
  /** The profile picture; `null` if the user has none. */
  picture: PictureBody | null;
  /** Why the address gets no mail; `null` while it does. A confirmed change of the address ends it. */
  mailBlock: MailBlockBody | null;
}

/**
 * A mail to the address came back, so no further one is sent to it.
 * @example {"kind": "bounce", "since": "2026-01-03T12:00:00.000Z"}
 */
export interface MailBlockBody {
  /** `bounce`: the mail could not be delivered, and never will. `complaint`: the recipient reported it as unwanted. */
  kind: 'bounce' | 'complaint';
  /**
   * ISO 8601 in UTC.
   * @format date-time
   */
  since: string;
}

/**
 * What became of the picture that was uploaded last, and links to the picture that is shown.
 * @example {"status": "ready", "urls": {"64": "https://files.example.org/pictures/64.webp", "256": "https://files.example.org/pictures/256.webp", "512": "https://files.example.org/pictures/512.webp"}}
 */
export interface PictureBody {
  /**
   * Of the picture that was uploaded last: `processing` until its squares are made, then `ready`; `rejected` if none could be
   * made.
   */
  status: 'processing' | 'ready' | 'rejected';
  /**
   * Why the upload was rejected; only with the status `rejected`. `not-a-picture`: its content is neither JPEG, PNG nor WebP.
   * `damaged`: it cannot be decoded, for example because it is truncated. `too-many-pixels`: it has more than 25 million.
   * `time-limit`, `memory-limit`: decoding it takes more than the service grants. `decoder-crashed`: the decoder crashes on it.
   * `upload-lost`: the object storage has lost it; upload it again.
   */
  reason?:
    | 'not-a-picture'
    | 'damaged'
    | 'too-many-pixels'
    | 'time-limit'
    | 'memory-limit'
    | 'decoder-crashed'
    | 'upload-lost';
  /**
   * Links to the squares of the last picture that was ready, by their edge in pixels: also while a newer picture is processed,
   * and after it was rejected. Empty until a first picture is ready. The squares are WebP. The links open without
   * `Authorization`: for up to five minutes, or always if the service links to a CDN. Read the profile again for new links.
   */
  urls: {
    /** @format uri */
    '64'?: string;
    /** @format uri */
    '256'?: string;
    /** @format uri */
    '512'?: string;
  };
}

/**
 * The fields to change. A new address needs the password.
 * @example {"name": "Ada King"}
 */
export interface UpdateUserRequest {
  /**
   * 1 to 100 Unicode code points after NFC normalization and without the white space around them. At least one is visible;
   * none is invisible, breaks the line or changes the direction of text, and a letter has at most four marks.
   * @minLength 1
   * @maxLength 1000 must have at most 100 characters
   * @extension {"x-declared": {"maxLength": 100}}
   */
  name?: string;
  /**
   * White space and invisible characters around the address are ignored. The local part must be ASCII and not quoted.
   * @format email
   * @maxLength 1000 must have at most 254 characters
   * @extension {"x-declared": {"minLength": 5, "maxLength": 254}}
   */
  email?: string;
  /**
   * The language of mails to the user.
   * @extension {"x-declared": {"enum": ["en", "de"]}}
   */
  locale?: string;
  /**
   * The current password; required with `email`. The bounds are wider than those of a new password, because it is only
   * compared.
   * @minLength 1
   * @maxLength 1000
   */
  password?: string;
}

/** @example {"password": "correct horse battery", "newPassword": "nine quiet boats at noon"} */
export interface ChangePasswordRequest {
  /**
   * The current password. The bounds are wider than those of a new password, because it is only compared.
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
  /**
   * 15 to 128 Unicode code points after NFC normalization, no control characters. Common and easily guessed passwords are
   * refused, and so is the current one.
   * @maxLength 1000 must have at most 128 characters
   * @extension {"x-declared": {"minLength": 15, "maxLength": 128}}
   */
  newPassword: string;
}

/** @example {"password": "correct horse battery"} */
export interface EraseRequest {
  /**
   * The bounds are wider than those of a new password, because it is only compared.
   * @minLength 1
   * @maxLength 1000
   */
  password: string;
}
