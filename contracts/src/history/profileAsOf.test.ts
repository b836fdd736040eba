import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openStory, recordedStory, userStory } from '../../test/userStories.js';
import type { Fact, RecordedEvent } from '../events/event.js';
import type { UserEvent } from '../events/user.js';
import { pastUserBody } from '../http/pastUserBody.js';
import { userBody } from '../http/userBody.js';
import { ERASED } from '../personal.js';
import { type UserProfile, userProfile } from '../reducers/userProfile.js';
import { readMetadata } from '../stored/readMetadata.js';
import { decode } from '../stored/stored.js';
import { type Moment, type Past, profileAsOf } from './profileAsOf.js';
import { MASKED, type Sight } from './sight.js';

const clear: Sight = { isMasked: false, open: ({ place, sealed }) => openStory(place, sealed) };
const sights: readonly [Sight, object][] = [
  [{ ...clear, isMasked: true }, MASKED],
  [{ isMasked: true, open: () => ERASED }, ERASED],
];

const factsOf = (events: readonly RecordedEvent[]) => events.map((one) => decode(one, openStory) as Fact<UserEvent>);
const bodyOf = (profile: UserProfile | undefined, sight = clear) =>
  profile === undefined ? undefined : pastUserBody(profile, sight);

/** The facts that were known at a moment: up to the revision, or before the first one that is later. */
const knownAt = (events: readonly RecordedEvent[], moment: Moment): Fact<UserEvent>[] => {
  const facts = factsOf(events);
  if ('revision' in moment) return facts.filter(({ revision }) => revision <= moment.revision);
  const firstLater = facts.findIndex(({ metadata }) => Date.parse(metadata.at) > Date.parse(moment.time));
  return facts.slice(0, firstLater === -1 ? undefined : firstLater);
};

const moment: fc.Arbitrary<Moment> = fc.oneof(
  fc.record({ revision: fc.integer({ min: 0, max: 26 }).map(BigInt) }),
  fc.record({
    time: fc
      .integer({ min: -2, max: 100 })
      .map((seconds) => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString()),
  }),
);

describe('profileAsOf', () => {
  it('F-34 equals an independent fold, for any sequence of events and any moment', () => {
    fc.assert(
      fc.property(userStory, moment, (events, asked) => {
        const known = knownAt(events, asked);
        const { past, isPassed } = profileAsOf(events, asked);
        const expected = known.reduce<UserProfile | undefined>(userProfile, undefined);
        expect(bodyOf(past.profile)).toEqual(expected && userBody(expected, {}));
        expect([past.revision, isPassed]).toEqual([known.at(-1)?.revision, known.length < events.length]);
        expect(past.erasedAt).toBe(known.find(({ type }) => type === 'UserErasureStarted')?.metadata.at);
      }),
    );
  });

  it('is the same when the events come in parts', () => {
    fc.assert(
      fc.property(userStory, moment, fc.integer({ min: 1, max: 5 }), (events, asked, size) => {
        let past: Past | undefined;
        for (let from = 0; from < events.length; from += size) {
          const reached = profileAsOf(events.slice(from, from + size), asked, past);
          past = reached.past;
          if (reached.isPassed) break;
        }
        expect(past).toEqual(profileAsOf(events, asked).past);
      }),
    );
  });

  it('never applies an event without those before it, although clocks differ', () => {
    const story = recordedStory(
      [registration, { type: 'UserSuspended', data: {} }, { type: 'UserReinstated', data: {} }],
      [0, 5, -3],
    );
    const [, , third] = story.map((event) => readMetadata(event).at);
    expect(profileAsOf(story, { time: third ?? '' }).past).toMatchObject({
      revision: 0n,
      profile: { status: 'active' },
    });
  });
});

describe('pastUserBody', () => {
  it('G-09 hides name and address, and shows the other fields', () => {
    const { past } = profileAsOf(recordedStory([registration]), { revision: 0n });
    const shown = bodyOf(past.profile);
    expect(shown).toMatchObject({ email: 'ada@example.org', name: 'Ada', roles: ['user'], revision: 0, picture: null });
    for (const [sight, hidden] of sights)
      expect(bodyOf(past.profile, sight)).toEqual({ ...shown, email: hidden, name: hidden });
  });
});

const registration: UserEvent = {
  type: 'UserRegistered',
  data: {
    registrationId: '0199c0de-0000-4000-8000-0000000000a1',
    ...{ email: 'ada@example.org', name: 'Ada', passwordHash: 'h', roles: ['user'], locale: 'en' },
  },
};
