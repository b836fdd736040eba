import type { FieldError, ProblemMembers } from '@ums/contracts/http/problem';

export interface RefusalDetails {
  /** Seconds until a retry may succeed; becomes `Retry-After`. */
  retryAfterSeconds?: number;
  /** For `validation-failed`: every invalid field, never its value. For other problems the field that is the reason, if one is. */
  errors?: readonly FieldError[];
  /** Members of the problem beyond those that every problem has (RFC 9457 §3.2). */
  members?: ProblemMembers;
  /** A token was refused that the client sent in the body, for a slug that does not say so. */
  tokenOfBody?: true;
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

/** @param field the invalid field, parameter or header, never its value @param message what it must be, without a period */
export const invalid = (field: string, message: string): Refused =>
  new Refused('validation-failed', { errors: [{ field, message }] });
