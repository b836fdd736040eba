import { describe, expect, it } from '@jest/globals';
import { fixtureNames, open, readFixture, seal } from '../../test/fixture.js';
import { type DomainEvent, EVENTS, type RecordedEvent } from '../events/event.js';
import { ERASED } from '../personal.js';
import { decode, encode, holdsSealed, isKnown } from './stored.js';
import { type Open, storedForm } from './storedForm.js';
import { Undecodable } from './undecodable.js';

const { storedNames } = storedForm(EVENTS);
const erased: Open = () => ERASED;

/** The fields that may be null. */
const OPTIONAL: Readonly<Record<string, string[]>> = {
  'RegistrationRequested.v2': ['pictureId'],
  ProfilePictureSubmitted: ['registrationId'],
  ProfilePictureAccepted: ['replaced'],
  ProfilePictureRemoved: ['replaced'],
  HistoryRead: ['userId', 'grantId'],
};

/** The fields that are numbers. */
const NUMBERS = ['minutes', 'reads'];

describe('stored versions', () => {
  it('each have a frozen fixture, and every fixture has a stored name', () => {
    expect(fixtureNames().sort()).toEqual([...storedNames].sort());
  });

  it.each(storedNames)('%s decodes to what its fixture says', (name) => {
    const { recorded, reads } = readFixture(name);
    const { data: _, type: __, ...place } = recorded;
    expect(decode(recorded, open)).toEqual({ ...place, ...reads });
  });

  it.each(storedNames)('G-02 %s decodes after its subject was erased', (name) => {
    const { recorded, reads } = readFixture(name);
    const fact = decode(recorded, erased);
    const sealed = Object.entries(recorded.data as object).filter(([, value]) => String(value).startsWith('v1.'));
    const blank = Object.fromEntries(sealed.map(([field]) => [field, ERASED]));
    expect(fact?.data).toEqual({ ...reads.data, ...blank });
    expect(holdsSealed(name)).toBe(sealed.length > 0);
  });

  it.each(storedNames)('F-15 %s is refused by the name of the missing or malformed field, never its value', (name) => {
    const { recorded } = readFixture(name);
    for (const field of Object.keys(recorded.data as object))
      for (const wrong of [
        ...[undefined, NUMBERS.includes(field) ? 0.5 : 7, ['canary'], { canary: 1 }],
        ...(OPTIONAL[name]?.includes(field) ? [] : [null]),
      ]) {
        const broken = { ...recorded, data: { ...(recorded.data as object), [field]: wrong } };
        expect(() => decode(broken, open)).toThrow(new Undecodable(name, field));
      }
  });

  it('F-15 refuse data that is no object, and metadata without its required fields', () => {
    const { recorded } = readFixture('UserSuspended');
    const faulty = (change: Partial<RecordedEvent>) => () => decode({ ...recorded, ...change }, open);
    for (const data of ['{nope', null, [], new Uint8Array(2).toString()])
      expect(faulty({ data })).toThrow(new Undecodable('UserSuspended', 'data'));
    expect(faulty({ metadata: undefined })).toThrow(new Undecodable('UserSuspended', 'metadata'));
    for (const field of ['$correlationId', '$causationId', 'at', 'actor'])
      expect(faulty({ metadata: { ...(recorded.metadata as object), [field]: undefined } })).toThrow(
        new Undecodable('UserSuspended', `metadata.${field}`),
      );
    const unknownActor = { ...(recorded.metadata as object), actor: { kind: 'root' } };
    expect(faulty({ metadata: unknownActor })).toThrow(new Undecodable('UserSuspended', 'metadata.actor'));
  });

  it('F-15 do not decode unknown names, nor inherited property names', () => {
    const { recorded } = readFixture('UserSuspended');
    for (const type of ['UserRegistered.v9', '$metadata', 'constructor', '__proto__', '']) {
      expect([type, isKnown(type), decode({ ...recorded, type }, open)]).toEqual([type, false, undefined]);
    }
  });

  it('refuse personal fields in a stream without a subject', () => {
    const { recorded } = readFixture('UserRenamed');
    const moved = { ...recorded, stream: recorded.stream.replace('user-', 'mail-') };
    expect(() => decode(moved, open)).toThrow(new Undecodable('UserRenamed', 'name'));
  });

  it.each([0, 241, -1, '60', Number.NaN])('refuse a grant of %j minutes', (minutes) => {
    const { recorded } = readFixture('AccessRequested');
    const asked = { ...recorded, data: { ...(recorded.data as object), minutes } };
    expect(() => decode(asked, open)).toThrow(new Undecodable('AccessRequested', 'minutes'));
  });

  it('K-02 do not open the purpose of a grant for another user', () => {
    const { recorded } = readFixture('AccessRequested');
    const userId = '0199c0de-0000-4000-8000-0000000000ff';
    expect(() => decode({ ...recorded, data: { ...(recorded.data as object), userId } }, open)).toThrow();
  });
});

describe('encode', () => {
  it.each(storedNames)('%s decodes to what was encoded, with no personal value in clear', (name) => {
    const { recorded, reads } = readFixture(name);
    const written = encode(reads as unknown as DomainEvent, { stream: recorded.stream, eventId: recorded.id }, seal);
    expect(decode({ ...recorded, ...written }, open)).toMatchObject(reads);
    for (const [field, stored] of Object.entries(recorded.data as object))
      if (String(stored).startsWith('v1.')) expect(JSON.stringify(written)).not.toContain(String(reads.data[field]));
  });

  it('refuses an erased value, and a stream without a subject', () => {
    const blank: DomainEvent = { type: 'UserRenamed', data: { name: ERASED } };
    const { recorded } = readFixture('UserRenamed');
    expect(() => encode(blank, { stream: recorded.stream, eventId: recorded.id }, seal)).toThrow(TypeError);
    const renamed: DomainEvent = { type: 'UserRenamed', data: { name: 'Ada' } };
    expect(() => encode(renamed, { stream: 'elsewhere', eventId: recorded.id }, seal)).toThrow(TypeError);
  });
});
