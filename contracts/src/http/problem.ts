/** A fault of one field of the request. Contains the name of the field, never its value. */
export interface FieldError {
  /** Dotted path of the field as the client sent it: `email`, `body`, `limit`. */
  field: string;
  message: string;
}

/** An error response (RFC 9457, `application/problem+json`). */
export interface Problem {
  /** `<PUBLIC_URL>/problems/<slug>`. Identifies the kind of error; clients may branch on it. */
  type: string;
  title: string;
  status: number;
  /** Identifies this request in the logs of the service. */
  requestId: string;
  /** The faulty fields; only for `validation-failed`. */
  errors?: FieldError[];
}
