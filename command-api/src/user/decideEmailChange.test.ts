import { describe, expect, it } from '@jest/globals';
import type { UserEvent } from '@ums/contracts/events/user';
import { HASH, registeredEvent as registered, userFacts } from '../../test/userFacts.js';
import { decide, type UserCommand } from './decide.js';
import { userState } from './evolve.js';

const [ADA, KING, BYRON] = ['ada@example.org', 'king@example.org', 'byron@example.org'];

const requested = (changeId: string, email: string, currentEmail = ADA): UserEvent => ({
  type: 'EmailChangeRequested',
  data: { changeId, email, currentEmail },
});
const changed = (changeId: string, email: string, previousEmail = ADA): UserEvent => ({
  type: 'EmailChanged',
  data: { changeId, email, previousEmail },
});
const undone = (changeId: string, email: string): UserEvent => ({
  type: 'EmailChangeUndone',
  data: { changeId, email },
});
const suspended: UserEvent = { type: 'UserSuspended', data: {} };
const erasing: UserEvent = { type: 'UserErasureStarted', data: {} };
const newPassword: UserEvent = { type: 'PasswordChanged', data: { passwordHash: 'another hash' } };

const request = (email: string, verifiedHash = HASH): UserCommand => ({
  type: 'RequestEmailChange',
  ...{ changeId: 'c1', email, verifiedHash },
});
const confirm = (changeId: string): UserCommand => ({ type: 'ConfirmEmailChange', changeId });
const undo = (changeId: string): UserCommand => ({ type: 'UndoEmailChange', changeId });

const decided = (command: UserCommand, ...events: UserEvent[]) =>
  decide(command, userState(userFacts(registered, ...events)));
const refusal = (command: UserCommand, ...events: UserEvent[]): unknown => {
  try {
    return decided(command, ...events);
  } catch (error) {
    return (error as { slug: string }).slug;
  }
};

describe('a request of a new address', () => {
  it('names both addresses; the current one again is a no-op', () => {
    expect(decided(request(KING))).toEqual([requested('c1', KING)]);
    expect(decided(request(ADA))).toEqual([]);
    expect(decided(request(ADA), requested('c0', KING), changed('c0', KING))).toEqual([requested('c1', ADA, KING)]);
  });

  it('T-11 is refused when the password has changed since it was verified, and for users who are not active', () => {
    expect(refusal(request(KING, 'another hash'))).toBe('password-invalid');
    expect(refusal(request(KING), suspended)).toBe('account-suspended');
    expect(refusal(request(KING), erasing)).toBe('not-found');
  });
});

describe('a confirmation of a new address', () => {
  it('E-05 makes the newest request the address, once', () => {
    expect(decided(confirm('c1'), requested('c1', KING))).toEqual([changed('c1', KING)]);
    expect(decided(confirm('c1'), requested('c1', KING), changed('c1', KING))).toEqual([]);
    expect(decided(confirm('c2'), requested('c1', KING), requested('c2', BYRON))).toEqual([changed('c2', BYRON)]);
  });

  it.each<[string, UserEvent[], string]>([
    ['that was never requested', [], 'token-invalid'],
    ['that another request replaced', [requested('c1', KING), requested('c2', BYRON)], 'token-invalid'],
    ['that was undone', [requested('c1', KING), changed('c1', KING), undone('c1', ADA)], 'token-invalid'],
    ['that was requested with an old password', [requested('c1', KING), newPassword], 'token-invalid'],
    ['of a suspended user', [requested('c1', KING), suspended], 'account-suspended'],
    ['of an erased user', [requested('c1', KING), erasing], 'not-found'],
  ])('E-05 is refused for a change %s', (_, events, slug) => {
    expect(refusal(confirm('c1'), ...events)).toBe(slug);
  });
});

describe('an undo of a new address', () => {
  it('E-05 gives back the address before the change, or keeps it while the change is not confirmed, once', () => {
    expect(decided(undo('c1'), requested('c1', KING), changed('c1', KING))).toEqual([undone('c1', ADA)]);
    expect(decided(undo('c1'), requested('c1', KING))).toEqual([undone('c1', ADA)]);
    expect(decided(undo('c1'), requested('c1', KING), undone('c1', ADA))).toEqual([]);
    expect(decided(undo('c1'), requested('c1', KING), changed('c1', KING), suspended)).toEqual([undone('c1', ADA)]);
  });

  it('E-05 gives back the address before the first of several changes; the later ones cannot be undone then', () => {
    const both = [requested('c1', KING), changed('c1', KING), requested('c2', BYRON, KING), changed('c2', BYRON, KING)];
    expect(decided(undo('c1'), ...both)).toEqual([undone('c1', ADA)]);
    expect(decided(undo('c2'), ...both)).toEqual([undone('c2', KING)]);
    expect(refusal(undo('c2'), ...both, undone('c1', ADA))).toBe('token-invalid');
    expect(decided(undo('c1'), ...both, undone('c2', KING))).toEqual([undone('c1', ADA)]);
  });

  it('E-05 keeps its effect when other requests follow, confirmed or not, and when the password changes', () => {
    const replaced = [requested('c1', KING), requested('c2', BYRON)];
    expect(decided(undo('c1'), ...replaced)).toEqual([undone('c1', ADA)]);
    expect(decided(undo('c1'), ...replaced, changed('c2', BYRON))).toEqual([undone('c1', ADA)]);
    expect(decided(undo('c1'), requested('c1', KING), newPassword)).toEqual([undone('c1', ADA)]);
    expect(refusal(confirm('c2'), ...replaced, undone('c1', ADA))).toBe('token-invalid');
  });

  it('E-05 is done with every later link that was mailed to the same address', () => {
    const replaced = [requested('c1', KING), requested('c2', BYRON), changed('c2', BYRON)];
    expect(decided(undo('c2'), ...replaced, undone('c1', ADA))).toEqual([]);
    expect(decided(undo('c1'), ...replaced, undone('c2', ADA))).toEqual([undone('c1', ADA)]);
  });

  it('E-05 is refused for a change that was never requested, and for an erased user', () => {
    expect(refusal(undo('c2'), requested('c1', KING))).toBe('token-invalid');
    expect(refusal(undo('c1'), requested('c1', KING), erasing)).toBe('not-found');
  });
});
