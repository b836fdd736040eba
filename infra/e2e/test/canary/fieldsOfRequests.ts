import type { CanaryField } from './canaryWords.js';

/** The canary words that are sent in a field of a request, by the name of the field in the OpenAPI document. */
export const FILLED_FIELDS: Readonly<Record<string, readonly CanaryField[]>> = {
  email: ['email', 'newemail'],
  name: ['name', 'newname', 'othername'],
  password: ['secret', 'wrongsecret'],
  newPassword: ['newsecret'],
  newPasswordAgain: ['newsecret'],
  picture: ['filename'],
  reason: ['suspension', 'reinstatement', 'roles'],
  purpose: ['purpose'],
  search: ['search'],
  Message: ['email'],
  'Idempotency-Key': ['idempotency'],
  'Accept-Language': ['language'],
};

/** Fields that can hold no text of a person: ids, tokens, times, numbers, and choices among a few. */
export const FIELDS_WITHOUT_TEXT: readonly string[] = [
  ...['token', 'refreshToken', 'locale', 'roles', 'userId', 'minutes', 'decision'],
  ...['id', 'receipt', 'event', 'grant', 'user', 'actor', 'type', 'correlation', 'role', 'status'],
  ...['limit', 'order', 'after', 'before', 'include', 'asOf', 'from', 'to', 'registeredFrom', 'registeredTo'],
  ...['Type', 'MessageId', 'TopicArn', 'Subject', 'Timestamp', 'SignatureVersion', 'Signature', 'SigningCertURL'],
  ...['Token', 'SubscribeURL'],
  ...['If-Match', 'X-Consistency-Token'],
];
