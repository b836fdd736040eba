import { describe, expect, it } from '@jest/globals';
import type { UserEvent } from '@ums/contracts/events/user';
import { Refused } from '@ums/kit/refused';
import { registeredEvent as registered, userFacts } from '../../test/userFacts.js';
import { decide } from './decide.js';
import { userState } from './evolve.js';

const [first, second] = ['0199c0de-0000-4000-8000-0000000000a1', '0199c0de-0000-4000-8000-0000000000a2'];
const submitted = (pictureId: string): UserEvent => ({
  type: 'ProfilePictureSubmitted',
  data: { pictureId, registrationId: null },
});
const accepted = (pictureId: string, replaced: string | null = null): UserEvent => ({
  type: 'ProfilePictureAccepted',
  data: { pictureId, replaced },
});
const rejected = (pictureId: string): UserEvent => ({
  type: 'ProfilePictureRejected',
  data: { pictureId, reason: 'damaged' },
});
const removed = (replaced: string | null): UserEvent => ({ type: 'ProfilePictureRemoved', data: { replaced } });
const suspended: UserEvent = { type: 'UserSuspended', data: {} };
const erasing: UserEvent = { type: 'UserErasureStarted', data: {} };

const after = (...events: UserEvent[]) => userState(userFacts(registered, ...events));
const settle = (pictureId: string) => ({ type: 'SettlePicture', pictureId }) as const;
const reject = (pictureId: string) => ({ ...settle(pictureId), rejection: 'damaged' }) as const;

describe('the picture of a user', () => {
  it('is submitted, and accepted or rejected', () => {
    expect(decide({ type: 'SubmitPicture', pictureId: first }, after())).toEqual([submitted(first)]);
    expect(decide(settle(first), after(submitted(first)))).toEqual([accepted(first)]);
    expect(decide(reject(first), after(submitted(first)))).toEqual([rejected(first)]);
  });

  it('replaces the one before only when it is accepted', () => {
    const before = [submitted(first), accepted(first), submitted(second)];
    expect(decide(settle(second), after(...before))).toEqual([accepted(second, first)]);
    expect(decide({ type: 'RemovePicture' }, after(...before, rejected(second)))).toEqual([removed(first)]);
  });

  it('ignores the outcome of a picture that was replaced, removed or settled', () => {
    expect(decide(settle(first), after(submitted(first), submitted(second)))).toEqual([]);
    expect(decide(settle(first), after(submitted(first), removed(null)))).toEqual([]);
    expect(decide(reject(first), after(submitted(first), accepted(first)))).toEqual([]);
    expect(decide(settle(first), after(submitted(first), erasing))).toEqual([]);
  });

  it('is removed once, also while it is processed', () => {
    expect(decide({ type: 'RemovePicture' }, after())).toEqual([]);
    expect(decide({ type: 'RemovePicture' }, after(submitted(first)))).toEqual([removed(null)]);
    expect(decide({ type: 'RemovePicture' }, after(submitted(first), removed(null)))).toEqual([]);
  });

  it('is settled but not changed while the user is suspended', () => {
    const user = after(submitted(first), suspended);
    expect(decide(settle(first), user)).toEqual([accepted(first)]);
    for (const command of [{ type: 'SubmitPicture', pictureId: second }, { type: 'RemovePicture' }] as const)
      expect(() => decide(command, user)).toThrow(new Refused('account-suspended'));
  });
});
