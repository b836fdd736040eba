import { describe, expect, it } from '@jest/globals';
import type { AccessGrant } from '@ums/contracts/reducers/accessGrant';
import type { GrantState } from '@ums/contracts/reducers/grantState';
import type { ReadGrant } from '@ums/identity/grant/readGrant';
import { decideGrant, type GrantCommand } from './decideGrant.js';

const [ada, eve, root, mel] = ['ada', 'eve', 'root', 'mel'];
const at = '2026-11-27T12:00:00.000Z';

const ASKED: AccessGrant = {
  ...{ askedBy: eve, askedAt: at, askedPosition: 7n, userId: ada, minutes: 60, purpose: 'Ticket 4711' },
  ...{ decision: undefined, ended: undefined },
};
const by = (who: string, approved: boolean) => ({ ...ASKED, decision: { approved, by: who, at } });
const asked: ReadGrant = { grant: ASKED, now: { state: 'asked' } };
const open: ReadGrant = { grant: by(root, true), now: { state: 'open' } };
const refused: ReadGrant = { grant: by(root, false), now: { state: 'refused' } };
const endedFrom = (grant: AccessGrant): ReadGrant => {
  const now: GrantState = { state: 'ended', ended: { at, why: 'time' } };
  return { grant, now };
};

const decision = (who: string, approve = true): GrantCommand => ({ type: 'DecideOnAccess', by: who, approve });
const end = (who: string, isAdministrator = false): GrantCommand => ({ type: 'EndAccess', by: who, isAdministrator });
const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });

describe('decideGrant', () => {
  it('asks once', () => {
    const command: GrantCommand = { type: 'AskForAccess', userId: ada, minutes: 60, purpose: 'Ticket 4711' };
    const data = { userId: ada, minutes: 60, purpose: 'Ticket 4711' };
    expect(decideGrant(command, undefined)).toEqual([{ type: 'AccessRequested', data }]);
    expect(decideGrant(command, asked)).toEqual([]);
  });

  it.each([
    [true, 'AccessApproved'],
    [false, 'AccessRefused'],
  ])('decides: approve %j', (approve, type) => {
    expect(decideGrant(decision(root, approve), asked)).toEqual([{ type, data: {} }]);
  });

  it.each([eve, ada])('Z-09 lets neither who asked decide, nor whom it concerns: %s', (who) => {
    for (const read of [asked, open, refused])
      for (const approve of [true, false])
        expect(() => decideGrant(decision(who, approve), read)).toThrow(refusal('own-grant'));
  });

  it('decides once, and takes a repeat of the same decision by the same person', () => {
    expect(decideGrant(decision(root, true), open)).toEqual([]);
    expect(decideGrant(decision(root, true), endedFrom(open.grant))).toEqual([]);
    expect(decideGrant(decision(root, false), refused)).toEqual([]);
    expect(() => decideGrant(decision(root, false), open)).toThrow(refusal('grant-closed'));
    expect(() => decideGrant(decision(mel, true), open)).toThrow(refusal('grant-closed'));
    expect(() => decideGrant(decision(mel, true), refused)).toThrow(refusal('grant-closed'));
  });

  it('Z-09 opens no grant that has ended before the decision', () => {
    expect(() => decideGrant(decision(root), endedFrom(ASKED))).toThrow(refusal('grant-closed'));
  });

  it('ends for who asked and for administrators alone', () => {
    for (const read of [asked, open]) {
      expect(decideGrant(end(eve), read)).toEqual([{ type: 'AccessEnded', data: { reason: 'withdrawn' } }]);
      expect(decideGrant(end(mel, true), read)).toEqual([{ type: 'AccessEnded', data: { reason: 'revoked' } }]);
      expect(() => decideGrant(end(mel), read)).toThrow(refusal('forbidden'));
    }
    // The user may not refuse a grant about themself, and so may not end it.
    expect(() => decideGrant(end(asked.grant.userId, true), asked)).toThrow(refusal('own-grant'));
    for (const read of [refused, endedFrom(open.grant)]) expect(decideGrant(end(eve), read)).toEqual([]);
    expect(() => decideGrant(end(mel), refused)).toThrow(refusal('forbidden'));
  });

  it('finds no grant that nobody asked for', () => {
    for (const command of [decision(root), end(root, true)])
      expect(() => decideGrant(command, undefined)).toThrow(refusal('not-found'));
  });
});
