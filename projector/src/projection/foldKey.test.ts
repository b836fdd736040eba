import { describe, expect, it } from '@jest/globals';
import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import { ERASED } from '@ums/contracts/personal';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import { MissingKey, type OpenedEvent } from '@ums/kit/facts/openFacts';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { userProfileV1 } from '../profile/userProfileV1.js';
import { foldKey } from './foldKey.js';
import type { KeyState } from './rowTable.js';

const userId = '0199c0de-0000-4000-8000-000000000001';
const NO_STATE: KeyState<UserProfile> = { folded: undefined, parked: false };

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
const fold = (state: KeyState<UserProfile>, events: OpenedEvent[], checkpoint = -1n) =>
  foldKey(userProfileV1, state, events, checkpoint);
const stateAt = (revision: number): KeyState<UserProfile> => {
  const events = [registered(), ...Array.from({ length: revision }, (_, index) => renamed(index + 1))];
  const outcome = fold(NO_STATE, events);
  if (outcome.kind !== 'row') throw new Error(`expected a row, got ${outcome.kind}`);
  return { folded: outcome.folded, parked: false };
};

describe('foldKey', () => {
  it('folds onto no row and onto a stored row', () => {
    expect(fold(NO_STATE, [registered(), renamed(1)])).toMatchObject({
      kind: 'row',
      folded: { row: { userId, name: 'name 1', revision: 1n }, position: 200n },
    });
    expect(fold(stateAt(1), [renamed(2)])).toMatchObject({
      kind: 'row',
      folded: { row: { revision: 2n }, position: 300n },
    });
  });

  it('F-12 ignores events folded before, in this batch or an earlier one', () => {
    expect(fold(stateAt(2), [registered(), renamed(1), renamed(2)])).toEqual({ kind: 'unchanged' });
    expect(fold(stateAt(1), [renamed(1), renamed(2), renamed(2)])).toMatchObject({
      folded: { row: { revision: 2n } },
    });
  });

  it('F-12 detects a missing event', () => {
    expect(fold(NO_STATE, [renamed(1)])).toMatchObject({ kind: 'gap', event: { revision: 1n }, expected: 0n });
    expect(fold(stateAt(1), [renamed(3)])).toMatchObject({ kind: 'gap', event: { revision: 3n }, expected: 2n });
    expect(fold(NO_STATE, [registered(), renamed(2), renamed(1)])).toMatchObject({
      kind: 'gap',
      event: { revision: 2n },
    });
  });

  it('F-12 distinguishes an event at or below the checkpoint that was never folded from a folded one', () => {
    expect(fold(stateAt(1), [renamed(2)], 300n)).toEqual({ kind: 'late' });
    expect(fold(NO_STATE, [registered()], 100n)).toEqual({ kind: 'late' });
    expect(fold(stateAt(1), [renamed(1)], 300n)).toEqual({ kind: 'unchanged' });
  });

  it('G-02 leaves no row of an erased user, whenever the erasure is seen', () => {
    expect(fold(NO_STATE, [registered(ERASED), renamed(1)])).toEqual({ kind: 'unchanged' });
    expect(fold(stateAt(0), [opened(1, 'UserRenamed', { name: ERASED })])).toEqual({ kind: 'none', ended: false });
    expect(fold(stateAt(0), [opened(1, 'UserErasureStarted')])).toEqual({ kind: 'none', ended: true });
    expect(fold(NO_STATE, [opened(5, 'UserErased')])).toEqual({ kind: 'none', ended: true });
  });

  it('F-15 gives the reason why an event cannot be applied, unless the key ends', () => {
    const failing = { recorded: at(1, 'UserRenamed'), failed: new SealBroken('name') };
    expect(fold(stateAt(0), [failing])).toEqual({ kind: 'failed', position: 200n, reason: 'seal-broken' });
    expect(fold(NO_STATE, [{ recorded: at(0, 'UserRegistered'), failed: new MissingKey() }])).toMatchObject({
      reason: 'missing-key',
    });
    expect(fold(stateAt(0), [failing, opened(2, 'UserErasureStarted')])).toEqual({ kind: 'none', ended: true });
  });

  it('F-15 ignores events of a parked key until the key ends', () => {
    const parked = { folded: undefined, parked: true };
    expect(fold(parked, [renamed(7)])).toEqual({ kind: 'unchanged' });
    expect(fold(parked, [renamed(7), opened(8, 'UserErasureStarted')])).toEqual({ kind: 'none', ended: true });
  });

  it('F-15 skips an event of unknown type, with or without a row', () => {
    expect(fold(stateAt(0), [{ recorded: at(1, 'UserWaved'), unknown: true }])).toMatchObject({
      folded: { row: { name: 'Ada', revision: 1n }, position: 200n },
    });
    expect(fold(NO_STATE, [{ recorded: at(0, 'UserWaved'), unknown: true }])).toEqual({ kind: 'unchanged' });
  });
});
