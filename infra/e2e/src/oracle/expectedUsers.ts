import { type Key, unseal } from './keyRing.js';
import type { Logged } from './loggedEvents.js';

/** What the log says of one user; where it is silent on a person (erased), the fields are `undefined`. */
export interface ExpectedUser {
  userId: string;
  registrationId: string;
  status: 'active' | 'suspended' | 'erased';
  email: string | undefined;
  name: string | undefined;
  roles: string[];
  registeredAt: string;
  /** Of the newest event. */
  revision: bigint;
  position: bigint;
  epoch: bigint;
  sessionsFrom: bigint;
  /** Whether the erasure has come to its end. */
  finished: boolean;
}

/** What each event does: cuts access tokens, ends sessions, sets a status. Who is not named does none of it. */
const EFFECTS: Readonly<Record<string, { cuts?: true; ends?: true; status?: ExpectedUser['status'] }>> = {
  UserRegistered: { cuts: true, ends: true, status: 'active' },
  PasswordChanged: { cuts: true, ends: true },
  RoleGranted: { cuts: true },
  RoleRevoked: { cuts: true },
  UserSuspended: { cuts: true, ends: true, status: 'suspended' },
  UserReinstated: { status: 'active' },
  UserErasureStarted: { cuts: true, ends: true, status: 'erased' },
  UserErased: { status: 'erased' },
};

/** Every user of the log, as the newest of its events leaves him. @throws Error when a living user's field does not open. */
export const expectedUsers = (events: readonly Logged[], keyOf: (subject: string) => Key): ExpectedUser[] => {
  const users = new Map<string, ExpectedUser>();
  for (const event of events) {
    if (!event.stream.startsWith('user-')) continue;
    const userId = event.stream.slice('user-'.length);
    users.set(userId, next(users.get(userId), event, userId, keyOf(userId)));
  }
  return [...users.values()];
};

const next = (before: ExpectedUser | undefined, event: Logged, userId: string, key: Key): ExpectedUser => {
  const { type, data, metadata, revision, position } = event;
  const text = (field: string): string | undefined =>
    Buffer.isBuffer(key) ? unseal(key, data[field], [userId, type, event.id, field]) : undefined;
  const user = before ?? newUser(userId, data, metadata);
  const { cuts, ends, status } = EFFECTS[type] ?? {};
  return {
    ...user,
    ...{ revision, position },
    status: status ?? user.status,
    email: type === 'UserRegistered' ? text('email') : user.email,
    name: type === 'UserRegistered' || type === 'UserRenamed' ? text('name') : user.name,
    roles: rolesAfter(user.roles, type, data, status === 'erased'),
    epoch: cuts ? revision : user.epoch,
    sessionsFrom: ends ? revision : user.sessionsFrom,
    finished: user.finished || type === 'UserErased',
  };
};

const newUser = (userId: string, data: Logged['data'], metadata: Logged['metadata']): ExpectedUser => ({
  ...{ userId, registrationId: String(data.registrationId), registeredAt: String(metadata.at) },
  ...{ status: 'active', email: undefined, name: undefined, roles: [] },
  ...{ revision: -1n, position: -1n, epoch: 0n, sessionsFrom: 0n, finished: false },
});

const rolesAfter = (roles: string[], type: string, data: Logged['data'], erased: boolean): string[] => {
  if (erased) return [];
  if (type === 'UserRegistered') return data.roles as string[];
  const role = String(data.role);
  if (type === 'RoleGranted') return roles.includes(role) ? roles : [...roles, role];
  return type === 'RoleRevoked' ? roles.filter((held) => held !== role) : roles;
};
