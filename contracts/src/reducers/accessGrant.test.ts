import { describe, expect, it } from '@jest/globals';
import { open, readFixture } from '../../test/fixture.js';
import type { Fact } from '../events/event.js';
import type { GrantEvent } from '../events/grant.js';
import { decode } from '../stored/stored.js';
import { accessGrant, grantEnd } from './accessGrant.js';

const fact = (name: GrantEvent['type']) => decode(readFixture(name).recorded, open) as Fact<GrantEvent>;
const folded = (...names: GrantEvent['type'][]) =>
  names.map(fact).reduce<ReturnType<typeof accessGrant>>(accessGrant, undefined);

const ASKED = {
  askedBy: '0199c0de-0000-4000-8000-000000000005',
  askedAt: '2026-11-27T12:00:00.000Z',
  askedPosition: 11_200n,
  ...{ userId: '0199c0de-0000-4000-8000-000000000001', minutes: 60, purpose: 'Complaint of the user, ticket 4711' },
  ...{ decision: undefined, ended: undefined },
};
const by = '0199c0de-0000-4000-8000-000000000003';

describe('accessGrant', () => {
  it('is what was asked for, until another person decides', () => {
    expect(folded('AccessRequested')).toEqual(ASKED);
    const approved = { approved: true, by, at: '2026-11-27T12:01:00.000Z' };
    expect(folded('AccessRequested', 'AccessApproved')).toEqual({ ...ASKED, decision: approved });
    const refused = { approved: false, by, at: '2026-11-27T12:02:00.000Z' };
    expect(folded('AccessRequested', 'AccessRefused')).toEqual({ ...ASKED, decision: refused });
  });

  it('keeps the first request, decision and end', () => {
    const approved = folded('AccessRequested', 'AccessApproved');
    expect(folded('AccessRequested', 'AccessApproved', 'AccessRefused', 'AccessRequested')).toEqual(approved);
    const ended = folded('AccessRequested', 'AccessEnded');
    expect(ended?.ended).toEqual({ at: '2026-11-27T12:03:00.000Z', by: ASKED.askedBy, reason: 'withdrawn' });
    expect(folded('AccessRequested', 'AccessEnded', 'AccessApproved', 'AccessEnded')).toEqual(ended);
  });

  it('is nothing without a request', () => {
    expect(folded('AccessApproved', 'AccessEnded')).toBeUndefined();
  });

  it('ends by time after its approval, seven days after the request without a decision, and never once it is refused', () => {
    const grant = folded('AccessRequested', 'AccessApproved');
    expect(grant && grantEnd(grant)).toEqual(new Date('2026-11-27T13:01:00.000Z'));
    const refused = folded('AccessRequested', 'AccessRefused');
    expect(refused && grantEnd(refused)).toBeUndefined();
    expect(grantEnd(ASKED)).toEqual(new Date('2026-12-04T12:00:00.000Z'));
  });
});
