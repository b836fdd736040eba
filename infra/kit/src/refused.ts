import type { FieldError } from '@ums/contracts/http/problem';

export interface RefusalDetails {
  /** When a repeat may work; becomes `Retry-After`. */
  retryAfterSeconds?: number;
  /** For `validation-failed`: every faulty field, never its value. */
  errors?: readonly FieldError[];
  /** Headers of the answer. */
  headers?: Readonly<Record<string, string>>;
}

/** A rule said no. The slug is all a caller learns; the table of problems gives it status and title. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly slug: string,
    readonly details: RefusalDetails = {},
  ) {
    super(slug);
  }
}
