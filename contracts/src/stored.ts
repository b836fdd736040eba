import type { DomainEvent, Fact, RecordedEvent } from './events/event.js';
import { Undecodable } from './events/undecodable.js';
import type { Personal } from './personal.js';
import { readMetadata } from './readMetadata.js';
import { isRole, type Role } from './roles.js';
import type { SealedPlace } from './sealing.js';
import { subjectOf } from './streams.js';

/** Seals one value for a place; see `sealing.ts`. */
export type Seal = (place: SealedPlace, text: string) => string;

/** Opens one sealed value. Gives `ERASED` for an erased subject; throws when a living subject's value does not open. */
export type Open = (place: SealedPlace, sealed: string) => Personal;

/** A field as found, checked by the reader of its stored type. */
interface Fields {
  text(name: string): string;
  personal(name: string): Personal;
  roles(name: string): Role[];
  role(name: string): Role;
  oneOf<T extends string>(name: string, allowed: readonly T[]): T;
}

const nothing = () => ({});

/**
 * From stored name to reader: the only place that knows old shapes. A new shape gets a new stored name
 * (`UserRegistered.v2`) and a line here; an optional addition keeps the name. A line is never removed.
 */
const READERS = {
  RegistrationRequested: (f: Fields) => ({
    email: f.personal('email'),
    name: f.personal('name'),
    passwordHash: f.personal('passwordHash'),
  }),
  RegistrationCompleted: (f: Fields) => ({ userId: f.text('userId') }),
  UserRegistered: (f: Fields) => ({
    registrationId: f.text('registrationId'),
    email: f.personal('email'),
    name: f.personal('name'),
    passwordHash: f.personal('passwordHash'),
    roles: f.roles('roles'),
  }),
  UserRenamed: (f: Fields) => ({ name: f.personal('name') }),
  PasswordChanged: (f: Fields) => ({ passwordHash: f.personal('passwordHash') }),
  PasswordHashUpgraded: (f: Fields) => ({ passwordHash: f.personal('passwordHash') }),
  RoleGranted: (f: Fields) => ({ role: f.role('role') }),
  RoleRevoked: (f: Fields) => ({ role: f.role('role') }),
  UserSuspended: nothing,
  UserReinstated: nothing,
  UserErasureStarted: nothing,
  UserErased: nothing,
  SessionStarted: (f: Fields) => ({ sessionId: f.text('sessionId') }),
  SessionEnded: (f: Fields) => ({
    sessionId: f.text('sessionId'),
    reason: f.oneOf('reason', ['logout', 'reuse'] as const),
  }),
  MailRequested: (f: Fields) => ({ purpose: f.oneOf('purpose', ['confirm-registration'] as const) }),
} satisfies { [T in DomainEvent['type']]: (fields: Fields) => Extract<DomainEvent, { type: T }>['data'] };

/** Fields that hold personal data and are written sealed, by stored name. */
const SEALED: Partial<Record<keyof typeof READERS, readonly string[]>> = {
  RegistrationRequested: ['email', 'name', 'passwordHash'],
  UserRegistered: ['email', 'name', 'passwordHash'],
  UserRenamed: ['name'],
  PasswordChanged: ['passwordHash'],
  PasswordHashUpgraded: ['passwordHash'],
};

/** Every stored name this version can read; each has its frozen fixture. */
export const STORED_NAMES: readonly string[] = Object.keys(READERS);

/** Whether this version can read a stored name. Anything else is skipped and counted by subscribers (F-15). */
export const isKnown = (storedType: string): storedType is keyof typeof READERS => Object.hasOwn(READERS, storedType);

/** Whether reading a stored event needs its subject's data key. */
export const holdsSealed = (storedType: string): boolean => Object.hasOwn(SEALED, storedType);

/** What is written for an event: the stored name of its current shape, and its data with the personal fields sealed. */
export const encode = (event: DomainEvent, at: { stream: string; eventId: string }, seal: Seal) => {
  const data: Record<string, unknown> = { ...event.data };
  for (const field of SEALED[event.type] ?? []) {
    const subject = subjectOf(at.stream);
    const value = data[field];
    if (subject === undefined || typeof value !== 'string')
      throw new TypeError(`${event.type}.${field} cannot be sealed`);
    data[field] = seal({ subject, storedType: event.type, eventId: at.eventId, field }, value);
  }
  return { type: event.type, data };
};

/**
 * Reads a stored event into its current shape.
 *
 * @returns `undefined` for a stored name this version does not know.
 * @throws Undecodable when a known event lacks what its shape demands; whatever `open` throws.
 */
export const decode = (recorded: RecordedEvent, open: Open): Fact | undefined => {
  const { id, stream, revision, position, type } = recorded;
  if (!isKnown(type)) return undefined;
  const data = READERS[type](fieldsOf(recorded, open));
  return { id, stream, revision, position, type, data, metadata: readMetadata(recorded) } as Fact;
};

const fieldsOf = ({ id, stream, type, data }: RecordedEvent, open: Open): Fields => {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Undecodable(type, 'data');
  const check = <T>(name: string, is: (value: unknown) => value is T): T => {
    const value = (data as Record<string, unknown>)[name];
    if (!is(value)) throw new Undecodable(type, name);
    return value;
  };
  return {
    text: (name) => check(name, isText),
    personal: (name) => {
      const subject = subjectOf(stream);
      if (subject === undefined) throw new Undecodable(type, name);
      return open({ subject, storedType: type, eventId: id, field: name }, check(name, isText));
    },
    roles: (name) => [...check(name, (value): value is Role[] => Array.isArray(value) && value.every(isRole))],
    role: (name) => check(name, isRole),
    oneOf: (name, allowed) =>
      check(name, (value): value is (typeof allowed)[number] => allowed.includes(value as never)),
  };
};

const isText = (value: unknown): value is string => typeof value === 'string';
