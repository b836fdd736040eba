/** What the page of a problem says. */
export interface ProblemPage {
  status: number;
  /** What happened, and what the client can do. Plain sentences. */
  description: string;
}

/** The pages that the types of problems link to, by slug. A test holds that every slug in use has one. */
export const PROBLEM_PAGES: Readonly<Record<string, ProblemPage>> = {
  'validation-failed': {
    status: 400,
    description: 'The request breaks a rule of the API. `errors` names each field or parameter at fault and the rule.',
  },
  'body-unreadable': {
    status: 400,
    description: 'The body is not a JSON object in UTF-8. Send one, as the API documentation describes it.',
  },
  'request-unreadable': {
    status: 400,
    description: 'The bytes received are no HTTP request. The connection is closed. Check the client or the proxy.',
  },
  'token-invalid': {
    status: 400,
    description: 'The token of a mailed link is invalid, expired or already used. Ask for a new mail.',
  },
  unauthenticated: {
    status: 401,
    description:
      'The request needs an access token, or its access token is invalid, expired or revoked. Refresh it or log in again.',
  },
  'credentials-invalid': {
    status: 401,
    description: 'No account has this address and this password. The answer is the same for every address.',
  },
  'refresh-token-invalid': {
    status: 401,
    description: 'The refresh token is invalid, expired or already used, or its session has ended. Log in again.',
  },
  forbidden: {
    status: 403,
    description: 'The access token is valid, but none of its roles may do this.',
  },
  'origin-not-allowed': {
    status: 403,
    description:
      'A browser sent a form, or a request without a body and without an access token, from a page of another origin. The operator of the service lists the origins that may do so. If its page sends an HTML form, the Referrer-Policy of the page must not be no-referrer: browsers do not tell the origin then.',
  },
  'email-not-confirmed': {
    status: 403,
    description:
      'The password is that of a registration that is not confirmed. Follow the link in its mail. If the link does not work, the address may have an account with another password: log in with that one, or ask for a new password.',
  },
  'account-suspended': {
    status: 403,
    description: 'An administrator has suspended the account.',
  },
  'notice-not-proven': {
    status: 403,
    description:
      'The notice about a mail is not signed by Amazon SNS for the topic of this service, or is more than an hour old.',
  },
  'password-invalid': {
    status: 403,
    description: 'This action needs the current password of the account, and the password sent is another one.',
  },
  'own-grant': {
    status: 403,
    description:
      'You asked for this grant, or it concerns you. Another auditor or administrator must decide on it or end it.',
  },
  'grant-required': {
    status: 403,
    description:
      'This needs a grant that you asked for, that concerns this user, and that is open. Ask for one, and have it approved.',
  },
  'not-found': {
    status: 404,
    description: 'Nothing exists at this path, or the user that it names does not exist or was erased.',
  },
  'method-not-allowed': {
    status: 405,
    description: 'This path does not support the method. `Allow` lists the methods that it supports.',
  },
  'not-acceptable': {
    status: 406,
    description:
      'The route answers in none of the media types that `Accept` names. The API documentation lists those of each route.',
  },
  'request-timeout': {
    status: 408,
    description: 'The request did not arrive completely in time. The connection is closed. Send the request again.',
  },
  conflict: {
    status: 409,
    description: 'Other requests changed the same user at the same time. Send the request again.',
  },
  'grant-closed': {
    status: 409,
    description:
      'Somebody has decided on this grant already, or it has ended: a request without a decision ends after seven days. Ask for a new one.',
  },
  'grants-waiting': {
    status: 409,
    description:
      'As many of your requests for access wait for a decision as may at a time. Nothing was asked for. End one with `DELETE /audit/grants/{id}`, or wait until somebody decides on one; each ends seven days after it was made.',
  },
  'last-administrator': {
    status: 409,
    description: 'The user is the last active administrator. Make another user an administrator first.',
  },
  'recipient-complained': {
    status: 409,
    description:
      'Somebody who reads mail at this address reported one as unwanted. Only the owner of the address can allow mail to it again, by a change of the address.',
  },
  'user-erased': {
    status: 410,
    description: 'The user was erased, or was so at the moment that was asked for. `erasedAt` says when that happened.',
  },
  'stale-revision': {
    status: 412,
    description:
      'The user has changed since the revision in `If-Match`. Read the user again, and repeat the change with the new `ETag` if it still applies. If the `ETag` begins with `W/`, a proxy has changed it, as most do that compress: such a tag never matches. Ask for the user with `Accept-Encoding: identity`, or leave `If-Match` out.',
  },
  'picture-too-large': {
    status: 413,
    description: 'The file `picture` is larger than 5 MB. Nothing of the request took effect.',
  },
  'not-a-picture': {
    status: 415,
    description:
      'The file `picture` is not a JPEG, PNG or WebP by its content, whatever its name says. Nothing of the request took effect.',
  },
  'body-too-large': {
    status: 413,
    description: 'The body is larger, or has more fields, than any request of this API needs.',
  },
  'uri-too-long': {
    status: 414,
    description: 'The URL is longer than any request of this API needs.',
  },
  'media-type-unsupported': {
    status: 415,
    description:
      'The body must be JSON in UTF-8, without compression: `Content-Type: application/json`. Routes that take a file also accept `multipart/form-data`.',
  },
  'expectation-failed': {
    status: 417,
    description: 'The `Expect` header asks for something other than `100-continue`. Send the request without it.',
  },
  'idempotency-key-reused': {
    status: 422,
    description:
      'An earlier request of the same caller to the same route for the same user used this `Idempotency-Key` with another content. Use a new key for a new request.',
  },
  'too-many-attempts': {
    status: 429,
    description: 'Too many attempts in a short time. `Retry-After` says how many seconds to wait.',
  },
  'too-many-pictures': {
    status: 429,
    description:
      'You have sent as many pictures as a day allows. Nothing of the request took effect; the other fields can still be changed without a picture. `Retry-After` says in how many seconds the next day begins, in UTC.',
  },
  'too-many-uploads': {
    status: 429,
    description:
      'You, or clients at your network address, are sending as many pictures at once as are allowed. Send the next one when one of them has ended. Nothing of the request took effect.',
  },
  'too-many-requests': {
    status: 429,
    description:
      'Too many requests of yours, or of clients at your network address, are waiting for an answer. Send fewer at once, and this one again after `Retry-After` seconds. Nothing of the request took effect.',
  },
  'headers-too-large': {
    status: 431,
    description: 'The headers are larger than any request of this API needs. The connection is closed.',
  },
  'internal-error': {
    status: 500,
    description: 'The service failed unexpectedly. Report the `requestId` to its operator.',
  },
  busy: {
    status: 503,
    description: 'The service has more work than it can do at the moment. Try again after `Retry-After` seconds.',
  },
  'dependency-unavailable': {
    status: 503,
    description:
      'A part of the service is down. A change may or may not have taken effect. Try again after `Retry-After` seconds.',
  },
  'not-yet-visible': {
    status: 503,
    description:
      'The read model has not reached the position in `X-Consistency-Token` yet. Try again after `Retry-After` seconds.',
  },
  'not-signed-yet': {
    status: 503,
    description:
      'The latest checkpoint does not cover this yet. The notary signs within a minute. Try again after `Retry-After` seconds.',
  },
  'profile-unavailable': {
    status: 503,
    description: 'This profile cannot be shown until the operator has repaired it.',
  },
};
