import type { Problems } from '@ums/kit/http/problems';

/** The rules of this service that can say no; those of the host are the kit's. */
export const COMMAND_PROBLEMS = {
  'token-invalid': [400, 'The link is not valid, was used, or has expired'],
  'credentials-invalid': [401, 'Address or password is wrong'],
  'refresh-token-invalid': [401, 'The refresh token is not valid'],
  'email-not-confirmed': [403, 'The address is not confirmed yet'],
  'account-suspended': [403, 'The account is suspended'],
  'password-invalid': [403, 'The password is wrong'],
  conflict: [409, 'Changed by others at the same moment; try again'],
  'last-administrator': [409, 'Somebody must remain an administrator'],
  'stale-revision': [412, 'The user was changed meanwhile'],
  'idempotency-key-reused': [422, 'This Idempotency-Key came with another request before'],
  'too-many-attempts': [429, 'Too many attempts; try again later'],
} as const satisfies Problems;
