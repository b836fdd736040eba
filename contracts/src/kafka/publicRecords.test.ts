import { describe, expect, it } from '@jest/globals';
import { fixtureNames, readFixture } from '../../test/fixture.js';
import { type Message, toMessage } from '../messages/message.js';
import type { PublicState } from '../reducers/publicState.js';
import type { BrokerRecord } from './cloudEvent.js';
import { eventRecord } from './eventRecord.js';
import { stateOrigin, stateRecord } from './stateRecord.js';
import { EVENTS_TOPIC, REPLAY_TOPIC, STATE_TOPIC } from './topics.js';

const messageOf = (name: string, change: object = {}) =>
  toMessage({ ...readFixture(name).recorded, ...change }) as Message;
const granted = messageOf('RoleGranted');
const userId = granted.key;
const state: PublicState = { userId, status: 'active', roles: ['user'], registeredAt: '2026-01-01T12:00:00.000Z' };
const origin = stateOrigin(granted) as NonNullable<ReturnType<typeof stateOrigin>>;

const HEADERS = {
  ce_specversion: '1.0',
  ce_id: '0199c0de-0000-4000-8000-000000000106',
  ce_type: 'users.role-granted.v1',
  ce_source: '/user-management/events',
  ce_subject: userId,
  ce_time: '2026-01-07T12:00:00.000Z',
  ce_revision: '4',
  ce_position: '5200',
  ce_correlationid: '0199c0de-0000-4000-8000-000000000206',
  'content-type': 'application/json',
};

/** What CloudEvents 1.0 and its Kafka binding require of a record in binary mode. */
const expectCloudEvent = ({ value, headers }: BrokerRecord) => {
  for (const required of ['ce_id', 'ce_source', 'ce_type', 'ce_specversion']) expect(headers[required]).toMatch(/./);
  expect(headers.ce_specversion).toBe('1.0');
  for (const [name, text] of Object.entries(headers)) {
    expect(name).toMatch(/^(?:ce_[a-z0-9]{1,20}|content-type)$/);
    expect(text).toMatch(/^[^\p{Cc}\p{Cs}\p{Cn}]+$/u);
  }
  if (headers.ce_time !== undefined) expect(new Date(headers.ce_time).toISOString()).toBe(headers.ce_time);
  expect([headers['content-type'], value === null]).toEqual(
    value === null ? [undefined, true] : ['application/json', false],
  );
};

describe('eventRecord', () => {
  it('writes the attributes as headers and the content as the value', () => {
    expect(eventRecord(granted)).toEqual({
      topic: EVENTS_TOPIC,
      key: userId,
      value: JSON.stringify({ userId, role: 'admin' }),
      headers: HEADERS,
    });
  });

  it('repeats the same record in the replay topic', () => {
    expect(eventRecord(granted, REPLAY_TOPIC)).toEqual({ ...eventRecord(granted), topic: REPLAY_TOPIC });
  });

  it('follows the CloudEvents Kafka binding for every event', () => {
    for (const name of fixtureNames()) {
      const record = eventRecord(messageOf(name));
      expect([name, record === undefined]).toEqual([
        name,
        !/^(User|Role|Password|EmailChange|ProfilePicture|MailB)/.test(name),
      ]);
      if (record !== undefined) expectCloudEvent(record);
    }
  });

  it('leaves out the time and the correlation id of an event that has no valid ones', () => {
    const metadata = { at: 'yesterday', $correlationId: 'ada@example.org' };
    const record = eventRecord(messageOf('RoleGranted', { metadata })) as BrokerRecord;
    const { ce_time, ce_correlationid, ...others } = HEADERS;
    expect(record.headers).toEqual(others);
    expectCloudEvent(record);
  });
});

describe('stateRecord', () => {
  it('writes the state as the value, with the place of its last event in the headers', () => {
    expect(stateRecord(origin, state)).toEqual({
      topic: STATE_TOPIC,
      key: userId,
      value: JSON.stringify(state),
      headers: { ...HEADERS, ce_type: 'users.state.v1', ce_source: '/user-management/states' },
    });
    expectCloudEvent(stateRecord(origin, state));
  });

  it('G-01 writes the listed fields of a state only', () => {
    const stored = { ...state, email: 'canary@example.org' };
    expect(stateRecord(origin, stored).value).toBe(JSON.stringify(state));
  });

  it('G-02 writes a tombstone, with the place of its last event, for a user without state', () => {
    const { 'content-type': _none, ...headers } = HEADERS;
    const tombstone = stateRecord(origin, undefined);
    expect(tombstone).toMatchObject({ topic: STATE_TOPIC, key: userId, value: null });
    expect(tombstone.headers).toEqual({
      ...headers,
      ce_type: 'users.state-erased.v1',
      ce_source: '/user-management/states',
    });
    expectCloudEvent(tombstone);
  });

  it('has no origin in a message without public content', () => {
    expect(stateOrigin(messageOf('RegistrationRequested'))).toBeUndefined();
  });
});
