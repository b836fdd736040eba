import { describe, expect, it } from '@jest/globals';
import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import { ERASED } from '@ums/contracts/personal';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import { MissingKey, type OpenedEvent } from '@ums/kit/facts/openFacts';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { userProfileV1 } from '../profile/userProfileV1.js';
import { foldKey } from './foldKey.js';
import type { Standing } from './rowTable.js';

const userId = '0199c0de-0000-4000-8000-000000000001';
const NOTHING: Standing<UserProfile> = { placed: undefined, parked: false };

const at = (revision: number, type: string): RecordedEvent => ({
  id: `event ${revision}`,
  stream: `user-${userId}`,
  revision: BigInt(revision),
  position: BigInt(100 * (revision + 1)),
  type,
  data: {},
  metadata: {},
});

const opened = (revision: number, type: string, data: object = {}): OpenedEvent => {
  const recorded = at(revision, type);
  return { recorded, fact: { ...recorded, data, metadata: { at: '2026-01-01T00:00:00.000Z' } } as Fact };
};

const registered = (name: string | typeof ERASED = 'Ada') =>
  opened(0, 'UserRegistered', {
    registrationId: 'r',
    email: 'ada@example.org',
    name,
    passwordHash: 'h',
    roles: ['user'],
  });
const renamed = (revision: number) => opened(revision, 'UserRenamed', { name: `name ${revision}` });
const fold = (standing: Standing<UserProfile>, events: OpenedEvent[], checkpoint = -1n) =>
  foldKey(userProfileV1, standing, events, checkpoint);
const standingAt = (revision: number): Standing<UserProfile> => {
  const events = [registered(), ...Array.from({ length: revision }, (_, index) => renamed(index + 1))];
  const outcome = fold(NOTHING, events);
  if (outcome.is !== 'row') throw new Error('a row was expected');
  return { placed: outcome.placed, parked: false };
};

describe('foldKey', () => {
  it('folds onto nothing and onto what stands', () => {
    expect(fold(NOTHING, [registered(), renamed(1)])).toMatchObject({
      is: 'row',
      placed: { row: { userId, name: 'name 1', revision: 1n }, position: 200n },
    });
    expect(fold(standingAt(1), [renamed(2)])).toMatchObject({
      is: 'row',
      placed: { row: { revision: 2n }, position: 300n },
    });
  });

  it('F-12 ignores what it has folded, in the batch and before it', () => {
    expect(fold(standingAt(2), [registered(), renamed(1), renamed(2)])).toEqual({ is: 'unchanged' });
    expect(fold(standingAt(1), [renamed(1), renamed(2), renamed(2)])).toMatchObject({
      placed: { row: { revision: 2n } },
    });
  });

  it('F-12 notices a missing event', () => {
    expect(fold(NOTHING, [renamed(1)])).toMatchObject({ is: 'gap', event: { revision: 1n } });
    expect(fold(standingAt(1), [renamed(3)])).toMatchObject({ is: 'gap', event: { revision: 3n } });
    expect(fold(NOTHING, [registered(), renamed(2), renamed(1)])).toMatchObject({ is: 'gap', event: { revision: 2n } });
  });

  it('F-12 tells an event that came after its checkpoint was stored from one already folded', () => {
    expect(fold(standingAt(1), [renamed(2)], 300n)).toEqual({ is: 'late' });
    expect(fold(NOTHING, [registered()], 100n)).toEqual({ is: 'late' });
    expect(fold(standingAt(1), [renamed(1)], 300n)).toEqual({ is: 'unchanged' });
  });

  it('G-02 reduces an erased person to no row, at any moment', () => {
    expect(fold(NOTHING, [registered(ERASED), renamed(1)])).toEqual({ is: 'unchanged' });
    expect(fold(standingAt(0), [opened(1, 'UserRenamed', { name: ERASED })])).toEqual({ is: 'none', ended: false });
    expect(fold(standingAt(0), [opened(1, 'UserErasureStarted')])).toEqual({ is: 'none', ended: true });
    expect(fold(NOTHING, [opened(5, 'UserErased')])).toEqual({ is: 'none', ended: true });
  });

  it('F-15 says why an event cannot be applied, and erasure outweighs it', () => {
    const failing = { recorded: at(1, 'UserRenamed'), failed: new SealBroken('name') };
    expect(fold(standingAt(0), [failing])).toEqual({ is: 'failed', position: 200n, reason: 'seal-broken' });
    expect(fold(NOTHING, [{ recorded: at(0, 'UserRegistered'), failed: new MissingKey() }])).toMatchObject({
      reason: 'missing-key',
    });
    expect(fold(standingAt(0), [failing, opened(2, 'UserErasureStarted')])).toEqual({ is: 'none', ended: true });
  });

  it('F-15 leaves a parked key alone until it ends', () => {
    const parked = { placed: undefined, parked: true };
    expect(fold(parked, [renamed(7)])).toEqual({ is: 'unchanged' });
    expect(fold(parked, [renamed(7), opened(8, 'UserErasureStarted')])).toEqual({ is: 'none', ended: true });
  });

  it('F-15 passes an unknown type, with or without a row', () => {
    expect(fold(standingAt(0), [{ recorded: at(1, 'UserWaved'), unknown: true }])).toMatchObject({
      placed: { row: { name: 'Ada', revision: 1n }, position: 200n },
    });
    expect(fold(NOTHING, [{ recorded: at(0, 'UserWaved'), unknown: true }])).toEqual({ is: 'unchanged' });
  });
});
