import type { Problems } from '@ums/kit/http/problem/problems';

/** Status and title of each refusal of this service, by slug. The kit has those of the HTTP host. */
export const COMMAND_PROBLEMS = {
  'token-invalid': [400, 'The link is invalid, already used or expired'],
  'credentials-invalid': [401, 'The address or the password is wrong'],
  'refresh-token-invalid': [401, 'The refresh token is not valid'],
  'email-not-confirmed': [403, 'The address is not confirmed yet'],
  'account-suspended': [403, 'The account is suspended'],
  'notice-not-proven': [403, 'The notice is not proven to be from the mail provider'],
  'password-invalid': [403, 'The password is wrong'],
  'own-grant': [403, 'Somebody else must decide on this grant'],
  'grant-required': [403, 'This needs an open grant for the user'],
  conflict: [409, 'Other requests changed the user at the same time; try again'],
  'grant-closed': [409, 'The grant was already decided or has ended'],
  'grants-waiting': [409, 'As many of your requests wait for a decision as may'],
  'last-administrator': [409, 'At least one active administrator must remain'],
  'recipient-complained': [409, 'The recipient of a mail complained about it'],
  'picture-too-large': [413, 'The picture is larger than 5 MB'],
  'not-a-picture': [415, 'The file is not a JPEG, PNG or WebP picture'],
  'user-erased': [410, 'The user was erased'],
  'stale-revision': [412, 'The user has changed since the revision in If-Match'],
  'idempotency-key-reused': [422, 'This Idempotency-Key was already used for a different request'],
  'too-many-attempts': [429, 'Too many attempts; try again later'],
  'not-signed-yet': [503, 'The notary has not signed this yet'],
  'too-many-pictures': [429, 'You have sent as many pictures as a day allows'],
  'too-many-uploads': [429, 'Too many uploads at once; wait until one of them has ended'],
} as const satisfies Problems;
