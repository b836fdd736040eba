import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openStory, recordedStory, userStory } from '../../test/userStories.js';
import type { Fact, RecordedEvent } from '../events/event.js';
import type { UserEvent } from '../events/user.js';
import { ERASED } from '../personal.js';
import { type UserProfile, userProfile } from '../reducers/userProfile.js';
import { decode } from '../stored/stored.js';
import { type ProfileChange, profileChanges } from './profileChanges.js';
import { fieldOf, PROFILE_FIELDS } from './profileFields.js';
import { profileSteps } from './profileSteps.js';
import { MASKED, type Sight } from './sight.js';

const clear: Sight = { isMasked: false, open: ({ place, sealed }) => openStory(place, sealed) };
const masked: Sight = { ...clear, isMasked: true };
const erased: Sight = { isMasked: false, open: () => ERASED };

const changesOf = (events: readonly RecordedEvent[], sight: Sight): ProfileChange[][] =>
  [...profileSteps(events)].map((step) => profileChanges(step, sight));
const namesOf = (changes: ProfileChange[][]) => changes.map((of) => of.map(({ field }) => field));

/** The profile before and after each event, folded from opened facts. */
const independentFold = (events: readonly RecordedEvent[]) => {
  let before: UserProfile | undefined;
  return events.map((recorded) => {
    const step = { before, after: userProfile(before, decode(recorded, openStory) as Fact<UserEvent>) };
    before = step.after;
    return step;
  });
};

const registration: UserEvent = {
  type: 'UserRegistered',
  data: {
    registrationId: '0199c0de-0000-4000-8000-0000000000a1',
    ...{ email: 'ada@example.org', name: 'Ada', passwordHash: 'canary hash', roles: ['user'], locale: 'en' },
  },
};
const changeId = '0199c0de-0000-4000-8000-0000000000c1';
const pictureId = '0199c0de-0000-4000-8000-0000000000b1';

describe('profileChanges', () => {
  it('lists what a registration and a rename changed', () => {
    const [first, second] = changesOf(
      recordedStory([registration, { type: 'UserRenamed', data: { name: 'King' } }]),
      clear,
    );
    expect(first).toEqual([
      { field: 'email', before: null, after: 'ada@example.org' },
      { field: 'name', before: null, after: 'Ada' },
      { field: 'status', before: null, after: 'active' },
      { field: 'roles', before: null, after: ['user'] },
      { field: 'locale', before: null, after: 'en' },
      { field: 'registeredAt', before: null, after: '2026-01-01T12:00:01.000Z' },
      { field: 'password' },
    ]);
    expect(second).toEqual([{ field: 'name', before: 'Ada', after: 'King' }]);
  });

  it('shows a picture as the API does, without the ids of uploads', () => {
    const changes = changesOf(
      recordedStory([
        registration,
        { type: 'ProfilePictureSubmitted', data: { pictureId, registrationId: null } },
        { type: 'ProfilePictureRejected', data: { pictureId, reason: 'damaged' } },
        { type: 'ProfilePictureRemoved', data: { replaced: null } },
      ]),
      masked,
    );
    expect(changes.slice(1)).toEqual([
      [{ field: 'picture', before: null, after: { status: 'processing' } }],
      [{ field: 'picture', before: { status: 'processing' }, after: { status: 'rejected', reason: 'damaged' } }],
      [{ field: 'picture', before: { status: 'rejected', reason: 'damaged' }, after: null }],
    ]);
    expect(JSON.stringify(changes)).not.toContain(pictureId);
  });

  it('F-26 shows why an address gets no mail, and no address', () => {
    const changes = changesOf(
      recordedStory([
        registration,
        { type: 'MailBounced', data: { kind: 'bounce', address: 'requested', email: 'canary@example.org' } },
        { type: 'MailBounced', data: { kind: 'complaint', address: 'current', email: 'canary@example.org' } },
      ]),
      clear,
    );
    const after = { kind: 'complaint', since: '2026-01-01T12:00:03.000Z' };
    expect(changes.slice(1)).toEqual([[], [{ field: 'mailBlock', before: null, after }]]);
    expect(JSON.stringify(changes)).not.toContain('canary');
  });

  it('names a changed password without values, and does not count a new hash of the same one', () => {
    const changes = changesOf(
      recordedStory([
        registration,
        { type: 'PasswordChanged', data: { passwordHash: 'canary hash 2' } },
        { type: 'PasswordHashUpgraded', data: { passwordHash: 'canary hash 3' } },
      ]),
      clear,
    );
    expect(changes.slice(1)).toEqual([[{ field: 'password' }], []]);
    expect(JSON.stringify(changes)).not.toContain('canary');
  });

  it('does not count an address that is set to the same one again', () => {
    const email = 'ada@example.org';
    const undone: UserEvent = { type: 'EmailChangeUndone', data: { changeId, email } };
    const requested: UserEvent = { type: 'EmailChangeRequested', data: { changeId, email: 'b', currentEmail: email } };
    const story = recordedStory([registration, requested, undone]);
    for (const sight of [clear, masked]) expect(namesOf(changesOf(story, sight)).slice(1)).toEqual([['newEmail'], []]);
    expect(namesOf(changesOf(story, erased)).slice(1)).toEqual([['newEmail'], ['email']]);
  });

  it('G-09 shows an address that was asked for to its owner, and masks it for others', () => {
    const data = { changeId, email: 'new@example.org', currentEmail: 'ada@example.org' };
    const story = recordedStory([registration, { type: 'EmailChangeRequested', data }]);
    for (const [sight, after] of [
      [clear, data.email],
      [masked, MASKED],
      [erased, ERASED],
    ] as const)
      expect(changesOf(story, sight)[1]).toEqual([{ field: 'newEmail', before: null, after }]);
  });

  it('empties every field when the erasure starts', () => {
    const story = recordedStory([
      registration,
      { type: 'UserErasureStarted', data: {} },
      { type: 'UserErased', data: {} },
    ]);
    const [, started, ended] = changesOf(story, erased);
    expect(started?.slice(0, 3)).toEqual([
      { field: 'email', before: ERASED, after: null },
      { field: 'name', before: ERASED, after: null },
      { field: 'status', before: 'active', after: null },
    ]);
    expect(ended).toEqual([]);
  });

  it('skips events of an unknown type', () => {
    const [first, ...others] = recordedStory([registration, { type: 'UserRenamed', data: { name: 'King' } }]);
    const unknown = { ...(first as RecordedEvent), type: 'UserMarried' };
    expect(namesOf(changesOf([first as RecordedEvent, unknown, ...others], clear)).slice(1)).toEqual([[], ['name']]);
  });

  it('F-34 are those of the reducer of profiles, for any sequence of events', () => {
    fc.assert(
      fc.property(userStory, (events) => {
        const expected = independentFold(events).map(({ before, after }) =>
          PROFILE_FIELDS.flatMap((field) => {
            const [was, is] = [fieldOf(before, field), fieldOf(after, field)];
            return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ field, before: was, after: is }];
          }),
        );
        const shown = changesOf(events, clear).map((of) =>
          of.filter(({ field }) => field !== 'password' && field !== 'newEmail'),
        );
        expect(shown).toEqual(expected);
      }),
    );
  });

  it('G-09 mask every personal value, and show which fields changed, for any sequence of events', () => {
    fc.assert(
      fc.property(userStory, (events) => {
        const [shown, hidden] = [changesOf(events, clear), changesOf(events, masked)];
        expect(namesOf(hidden)).toEqual(namesOf(shown));
        expect(JSON.stringify(hidden)).not.toMatch(/(name|mail|hash) |\\u0000/);
        for (const change of hidden.flat())
          if (change.field === 'name' || change.field === 'email' || change.field === 'newEmail')
            for (const value of [change.before, change.after]) expect([null, MASKED]).toContainEqual(value);
      }),
    );
  });

  it('G-02 read as erased after an erasure, and still name every field that changed', () => {
    fc.assert(
      fc.property(userStory, (events) => {
        const [shown, gone] = [namesOf(changesOf(events, clear)), changesOf(events, erased)];
        for (const [index, fields] of namesOf(gone).entries())
          expect(fields).toEqual(expect.arrayContaining(shown[index] ?? []));
        expect(JSON.stringify(gone)).not.toMatch(/(name|mail|hash) |\\u0000|masked/);
      }),
    );
  });
});
