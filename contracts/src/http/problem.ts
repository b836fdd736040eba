/**
 * A fault of one field of the request. Contains the name of the field, never its value.
 * @example {"field": "name", "message": "must have at least 1 character"}
 */
export interface FieldError {
  /** Dotted path of the field as the client sent it: `email`, `body`, `limit`. */
  field: string;
  /** A sentence about the field for people, without its subject: `must have at least 1 character`. */
  message: string;
}

/** Members that only some problems have. */
export interface ProblemMembers {
  /** What is particular about this occurrence, in a sentence for people. */
  detail?: string;
  /**
   * When the user was erased, in ISO 8601 and UTC; only for `user-erased`.
   * @format date-time
   */
  erasedAt?: string;
}

/**
 * An error response (RFC 9457, `application/problem+json`).
 * @example {"type": "https://users.example/problems/not-found", "title": "Not found", "status": 404, "requestId": "0199c0de-0000-4000-8000-000000000002"}
 */
export interface Problem extends ProblemMembers {
  /**
   * `<PUBLIC_URL>/problems/<slug>`. Identifies the kind of error; clients may branch on it.
   * @format uri
   */
  type: string;
  title: string;
  /**
   * @isInt
   * @minimum 400
   * @maximum 599
   */
  status: number;
  /**
   * Identifies this request in the logs of the service.
   * @format uuid
   */
  requestId: string;
  /** The faulty fields: always for `validation-failed`, and where a field of the request is the reason for another problem. */
  errors?: FieldError[];
}
