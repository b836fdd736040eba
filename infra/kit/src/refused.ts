import type { FieldError } from '@ums/contracts/http/problem';

export interface RefusalDetails {
  /** Seconds until a retry may succeed; becomes `Retry-After`. */
  retryAfterSeconds?: number;
  /** For `validation-failed`: every invalid field, never its value. */
  errors?: readonly FieldError[];
  /** Additional response headers. */
  headers?: Readonly<Record<string, string>>;
}

/** A rule rejected the request. The client sees the slug; the table of problems maps it to status and title. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly slug: string,
    readonly details: RefusalDetails = {},
  ) {
    super(slug);
  }
}
