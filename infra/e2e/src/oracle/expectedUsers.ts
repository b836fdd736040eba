import { type Key, unseal } from './keyRing.js';
import type { LoggedEvent } from './loggedEvents.js';

/** State of one user according to the log. Fields that can no longer be opened (erased) are `undefined`. */
export interface ExpectedUser {
  userId: string;
  registrationId: string;
  status: 'active' | 'suspended' | 'erased';
  email: string | undefined;
  /** Requested changes of the address that no undo has voided, oldest first, with the address before. */
  replaced: { changeId: unknown; email: string | undefined; confirmed: boolean }[];
  name: string | undefined;
  roles: string[];
  locale: string;
  picture: ExpectedPicture | undefined;
  /** Why the address gets no mail, and since when. */
  mailBlock: { kind: string; since: string } | undefined;
  registeredAt: string;
  /** Of the newest event. */
  revision: bigint;
  position: bigint;
  epoch: bigint;
  sessionsFrom: bigint;
  /** Whether the user's erasure is complete. */
  finished: boolean;
}

/** The picture that was submitted last, what became of it, and the last one that was ready. */
export interface ExpectedPicture {
  id: unknown;
  status: 'processing' | 'ready' | 'rejected';
  reason: unknown;
  readyId: unknown;
}

/** Events that revoke access tokens, end sessions or set a status; events not listed do none of these. */
const EFFECTS: Readonly<Record<string, { revokes?: true; endsSessions?: true; status?: ExpectedUser['status'] }>> = {
  UserRegistered: { revokes: true, endsSessions: true, status: 'active' },
  EmailChangeUndone: { revokes: true, endsSessions: true },
  PasswordChanged: { revokes: true, endsSessions: true },
  RoleGranted: { revokes: true },
  RoleRevoked: { revokes: true },
  UserSuspended: { revokes: true, endsSessions: true, status: 'suspended' },
  UserReinstated: { status: 'active' },
  UserErasureStarted: { revokes: true, endsSessions: true, status: 'erased' },
  UserErased: { status: 'erased' },
};

const SETS_EMAIL: readonly string[] = ['UserRegistered', 'EmailChanged', 'EmailChangeUndone'];

/** State of every user after the newest event. @throws Error when a field of a user that is not erased cannot be opened */
export const expectedUsers = (events: readonly LoggedEvent[], keyOf: (subject: string) => Key): ExpectedUser[] => {
  const users = new Map<string, ExpectedUser>();
  for (const event of events) {
    if (!event.stream.startsWith('user-')) continue;
    const userId = event.stream.slice('user-'.length);
    users.set(userId, applyEvent(users.get(userId), event, userId, keyOf(userId)));
  }
  return [...users.values()];
};

const applyEvent = (before: ExpectedUser | undefined, event: LoggedEvent, userId: string, key: Key): ExpectedUser => {
  const { type: storedType, data, metadata, revision, position } = event;
  const type = storedType.replace(/\.v\d+$/, '');
  const text = (field: string): string | undefined =>
    Buffer.isBuffer(key) ? unseal(key, data[field], [userId, storedType, event.id, field]) : undefined;
  const user = before ?? newUser(userId, data, metadata);
  const { revokes, endsSessions, status } = EFFECTS[type] ?? {};
  return {
    ...user,
    ...{ revision, position },
    status: status ?? user.status,
    email: SETS_EMAIL.includes(type) ? text('email') : user.email,
    replaced: replacedAfter(user, type, data.changeId),
    name: type === 'UserRegistered' || type === 'UserRenamed' ? text('name') : user.name,
    picture: pictureAfter(user.picture, type, data),
    mailBlock: mailBlockAfter(user.mailBlock, type, data, metadata),
    roles: rolesAfter(user.roles, type, data, status === 'erased'),
    locale: localeAfter(user.locale, type, data),
    epoch: revokes ? revision : user.epoch,
    sessionsFrom: endsSessions ? revision : user.sessionsFrom,
    finished: user.finished || type === 'UserErased',
  };
};

const newUser = (userId: string, data: LoggedEvent['data'], metadata: LoggedEvent['metadata']): ExpectedUser => ({
  ...{ userId, registrationId: String(data.registrationId), registeredAt: String(metadata.at) },
  ...{ status: 'active', email: undefined, replaced: [], name: undefined, roles: [], picture: undefined },
  mailBlock: undefined,
  locale: 'en',
  ...{ revision: -1n, position: -1n, epoch: 0n, sessionsFrom: 0n, finished: false },
});

const rolesAfter = (roles: string[], type: string, data: LoggedEvent['data'], erased: boolean): string[] => {
  if (erased) return [];
  if (type === 'UserRegistered') return data.roles as string[];
  const role = String(data.role);
  if (type === 'RoleGranted') return roles.includes(role) ? roles : [...roles, role];
  return type === 'RoleRevoked' ? roles.filter((held) => held !== role) : roles;
};

/** The first shape of `UserRegistered` has no language. */
const localeAfter = (locale: string, type: string, data: LoggedEvent['data']): string =>
  ['UserRegistered', 'UserLocaleChanged'].includes(type) ? String(data.locale ?? locale) : locale;

const pictureAfter = (
  before: ExpectedPicture | undefined,
  type: string,
  { pictureId: id, reason }: LoggedEvent['data'],
): ExpectedPicture | undefined => {
  if (type === 'ProfilePictureRemoved') return undefined;
  if (type === 'ProfilePictureAccepted') return { id, status: 'ready', reason: undefined, readyId: id };
  const readyId = before?.readyId;
  if (type === 'ProfilePictureSubmitted') return { id, status: 'processing', reason: undefined, readyId };
  return type === 'ProfilePictureRejected' ? { id, status: 'rejected', reason, readyId } : before;
};

const mailBlockAfter = (
  before: ExpectedUser['mailBlock'],
  type: string,
  data: LoggedEvent['data'],
  metadata: LoggedEvent['metadata'],
): ExpectedUser['mailBlock'] => {
  if (SETS_EMAIL.includes(type) || type === 'MailBlockEnded') return undefined;
  if (type !== 'MailBounced' || data.address !== 'current') return before;
  const kind = before?.kind === 'complaint' ? 'complaint' : String(data.kind);
  return { kind, since: before?.since ?? String(metadata.at) };
};

const replacedAfter = (
  { replaced, email }: ExpectedUser,
  type: string,
  changeId: unknown,
): ExpectedUser['replaced'] => {
  if (type === 'EmailChangeRequested') return [...replaced, { changeId, email, confirmed: false }];
  if (type === 'EmailChanged')
    return replaced.map((change) => (change.changeId === changeId ? { ...change, confirmed: true } : change));
  const undone = type === 'EmailChangeUndone' ? replaced.findIndex((change) => change.changeId === changeId) : -1;
  return undone === -1 ? replaced : replaced.slice(0, undone);
};
