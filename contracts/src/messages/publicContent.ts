import type { RecordedEvent } from '../events/event.js';
import { asOther, type PublicBody, publicField } from '../events/publicBody.js';
import { PUBLIC_USER_EVENTS } from '../events/user.js';
import { decodeWithoutKeys } from '../stored/stored.js';

/** What every consumer may know of a user's event: types, statuses, roles, names of changed fields, times. */
export type PublicContent = { userId: string; revision: bigint; at: string | undefined } & PublicBody;

/** Public content of one event of `user-<userId>`, including unknown types and malformed data. Needs no key. */
export const publicContent = (userId: string, event: RecordedEvent): PublicContent => {
  const at = publicField(event.metadata, 'at');
  const { type = '', data } = decodeWithoutKeys(event) ?? {};
  const toPublic = Object.hasOwn(PUBLIC_USER_EVENTS, type)
    ? PUBLIC_USER_EVENTS[type as keyof typeof PUBLIC_USER_EVENTS]
    : asOther;
  return { userId, revision: event.revision, at: isTimestamp(at) ? at : undefined, ...toPublic(data) };
};

/** RFC 3339 in UTC. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

const isTimestamp = (value: unknown): value is string =>
  typeof value === 'string' && TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value));
