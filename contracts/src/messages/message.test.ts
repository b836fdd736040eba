import { describe, expect, it } from '@jest/globals';
import { fixtureNames, readFixture } from '../../test/fixture.js';
import type { RecordedEvent } from '../events/event.js';
import { parseStream } from '../streams.js';
import { toMessage } from './message.js';

const { recorded: event } = readFixture('RoleGranted');

describe('toMessage', () => {
  it('contains a pointer to the fact and no content for streams that are not public', () => {
    const { recorded } = readFixture('RegistrationRequested');
    expect(toMessage(recorded)).toEqual({
      eventId: recorded.id,
      key: parseStream(recorded.stream)?.id,
      correlationId: (recorded.metadata as { $correlationId: string }).$correlationId,
      pointer: { stream: recorded.stream, revision: 0n, type: 'RegistrationRequested', position: recorded.position },
      content: undefined,
    });
  });

  it.each(['AccessRequested', 'AccessApproved', 'AccessRefused', 'AccessEnded', 'HistoryRead'])(
    '%s is public to nobody',
    (name) => {
      const { recorded } = readFixture(name);
      expect(toMessage(recorded)).toMatchObject({ pointer: { stream: recorded.stream }, content: undefined });
    },
  );

  it.each([
    ['UserRegistered', 'users.registered.v1', { roles: ['user'] }],
    ['UserRegistered.v2', 'users.registered.v1', { roles: ['user'] }],
    ['UserLocaleChanged', 'users.changed.v1', { fields: ['locale'] }],
    ['UserRenamed', 'users.changed.v1', { fields: ['name'] }],
    ['EmailChangeRequested', 'users.other.v1', {}],
    ['EmailChanged', 'users.changed.v1', { fields: ['email'] }],
    ['EmailChangeUndone', 'users.changed.v1', { fields: ['email'] }],
    ['MailBounced', 'users.other.v1', {}],
    ['MailBlockEnded', 'users.other.v1', {}],
    ['UserSuspended', 'users.suspended.v1', {}],
    ['UserReinstated', 'users.reinstated.v1', {}],
    ['UserErasureStarted', 'users.erased.v1', {}],
    ['RoleGranted', 'users.role-granted.v1', { role: 'admin' }],
    ['RoleRevoked', 'users.role-revoked.v1', { role: 'admin' }],
    ['PasswordChanged', 'users.other.v1', {}],
    ['PasswordHashUpgraded', 'users.other.v1', {}],
    ['UserErased', 'users.other.v1', {}],
  ])('%s is public as %s', (name, type, data) => {
    const { recorded } = readFixture(name);
    const { at } = recorded.metadata as { at: string };
    const userId = parseStream(recorded.stream)?.id;
    expect(toMessage(recorded)?.content).toEqual({ userId, revision: recorded.revision, at, type, data });
  });

  it('G-01 contains no sealed value', () => {
    for (const name of fixtureNames()) {
      const shown = JSON.stringify(toMessage(readFixture(name).recorded), (_, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      expect(shown).not.toMatch(/v1\.mk000001|"reason"|"source"|"passwordHash"|"request"/);
    }
  });

  it('F-15 has content for every event of a user stream, including unknown types and shapes', () => {
    const odd: Partial<RecordedEvent>[] = [
      { type: 'UserMoved.v3' },
      { data: { role: 'root' } },
      { data: '{nope' },
      { data: null, metadata: 'nope' },
    ];
    for (const change of odd) expect(toMessage({ ...event, ...change })?.content?.type).toBe('users.other.v1');
    const { recorded: registered } = readFixture('UserRegistered');
    for (const data of [{ roles: 'admin' }, { roles: ['root', 7] }, undefined])
      expect(toMessage({ ...registered, data })?.content).toMatchObject({
        type: 'users.registered.v1',
        data: { roles: [] },
      });
    expect(toMessage({ ...event, metadata: undefined })).toMatchObject({
      correlationId: undefined,
      content: { at: undefined },
    });
  });

  it('has no time if that of the event is not a time', () => {
    const metadata = event.metadata as object;
    for (const at of ['yesterday', '2026-13-01T12:00:00Z', '2026-01-07', 7])
      expect(toMessage({ ...event, metadata: { ...metadata, at } })?.content).toMatchObject({ at: undefined });
  });

  it('maps streams of other systems to no message', () => {
    for (const stream of ['$scavenges', 'log-identity', 'elsewhere-1'])
      expect(toMessage({ ...event, stream })).toBeUndefined();
  });
});
