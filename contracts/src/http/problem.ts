/** One field of a refused request. Names the field, never its value. */
export interface FieldError {
  /** Dotted path of the field, as the client wrote it: `email`, `body`, `limit`. */
  field: string;
  message: string;
}

/** Every error of the API (RFC 9457, `application/problem+json`). */
export interface Problem {
  /** `<PUBLIC_URL>/problems/<slug>`: what a client may branch on. */
  type: string;
  title: string;
  status: number;
  /** Names this request in the logs. */
  requestId: string;
  /** Only for `validation-failed`. */
  errors?: FieldError[];
}
