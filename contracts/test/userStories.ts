import { randomUUID } from 'node:crypto';
import type { RecordedEvent } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import { encode } from '@ums/contracts/stored/stored';
import type { Open, Seal } from '@ums/contracts/stored/storedForm';
import { userStream } from '@ums/contracts/streams';
import fc from 'fast-check';

export const STORY_USER = '0199c0de-0000-4000-8000-000000000001';

const text = fc.string({ minLength: 1, maxLength: 12 });
const name = text.map((typed) => `name ${typed}`);
const email = text.map((typed) => `mail ${typed}`);
const role = fc.constantFrom('user', 'admin', 'auditor', 'service');
const id = fc.uuid();
const event = <T extends UserEvent['type']>(type: T, data: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ type: fc.constant(type), data: fc.record(data) }) as unknown as fc.Arbitrary<UserEvent>;

const registered = event('UserRegistered', {
  registrationId: id,
  ...{ email, name, passwordHash: text.map((hash) => `hash ${hash}`) },
  roles: fc.uniqueArray(role),
  locale: fc.constantFrom('en', 'de'),
});

const later = fc.oneof(
  event('UserRenamed', { name }),
  event('UserLocaleChanged', { locale: fc.constantFrom('en', 'de') }),
  event('EmailChangeRequested', { changeId: id, email, currentEmail: email }),
  event('EmailChanged', { changeId: id, email, previousEmail: email }),
  event('EmailChangeUndone', { changeId: id, email }),
  event('MailBounced', {
    kind: fc.constantFrom('bounce', 'complaint'),
    address: fc.constantFrom('current', 'requested', 'previous'),
    email,
  }),
  event('MailBlockEnded'),
  event('ProfilePictureSubmitted', { pictureId: id, registrationId: fc.constant(null) }),
  event('ProfilePictureAccepted', { pictureId: id, replaced: fc.constant(null) }),
  event('ProfilePictureRejected', { pictureId: id, reason: fc.constantFrom('damaged', 'time-limit') }),
  event('ProfilePictureRemoved', { replaced: fc.constant(null) }),
  event('PasswordChanged', { passwordHash: text.map((hash) => `hash ${hash}`) }),
  event('PasswordHashUpgraded', { passwordHash: text.map((hash) => `hash ${hash}`) }),
  event('RoleGranted', { role }),
  event('RoleRevoked', { role }),
  event('UserSuspended'),
  event('UserReinstated'),
);

const erasure = fc.constantFrom<UserEvent[]>(
  [],
  [{ type: 'UserErasureStarted', data: {} }],
  [
    { type: 'UserErasureStarted', data: {} },
    { type: 'UserErased', data: {} },
  ],
);

/** A stored user stream: begins with the registration and may end with an erasure. Clocks may go back a little. */
export const userStory: fc.Arbitrary<RecordedEvent[]> = fc
  .tuple(
    registered,
    fc.array(later, { maxLength: 20 }),
    erasure,
    fc.array(fc.integer({ min: -2, max: 5 }), { minLength: 24, maxLength: 24 }),
  )
  .map(([first, events, end, pauses]) => recordedStory([first, ...events, ...end], pauses));

/** These events as they are stored, sealed by {@link sealForStory}. @param pauses seconds between them */
export const recordedStory = (events: readonly UserEvent[], pauses: readonly number[] = []): RecordedEvent[] => {
  let seconds = 0;
  return events.map((one, index) => {
    seconds += pauses[index] ?? 1;
    const place = {
      id: randomUUID(),
      stream: userStream(STORY_USER),
      revision: BigInt(index),
      position: BigInt(index) * 100n,
    };
    const at = new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString();
    const metadata = { $correlationId: 'c', $causationId: 'c', actor: { kind: 'user', id: STORY_USER }, at };
    return { ...place, ...encode(one, { stream: place.stream, eventId: place.id }, sealForStory), metadata };
  });
};

/** Stands for encryption: a text that differs each time. */
const sealForStory: Seal = ({ eventId, field }, value) => JSON.stringify([eventId, field, value]);

/** Opens what {@link sealForStory} sealed. */
export const openStory: Open = (place, sealed) => {
  const [eventId, field, value] = JSON.parse(sealed) as [string, string, string];
  if (eventId !== place.eventId || field !== place.field) throw new Error('sealed for another place');
  return value;
};
