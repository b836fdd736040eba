import type { DomainEvent } from '@ums/contracts/events/event';
import { USER_ERASED, USER_ERASURE_STARTED, type World } from './world.js';

/** The profile a user must have. Computed beside the events, without any code of the reducer or the runner. */
export interface ExpectedProfile {
  user_id: string;
  name: string;
  status: string;
  roles: string[];
  revision: string;
}

/** Pseudo-random numbers from 0 to 1. The same seed repeats a failing round. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/**
 * Appends random events of users: registrations, changes, erasures and some events of unknown type.
 *
 * @returns the profiles that must result, ordered by user id.
 */
export const appendRandomHistory = async (
  world: World,
  steps: number,
  random: () => number,
): Promise<ExpectedProfile[]> => {
  const expected = new Map<string, ExpectedProfile & { next: bigint }>();
  const changes: ((row: ExpectedProfile, step: number) => DomainEvent)[] = [
    (row, step) => {
      row.name = `name ${step}`;
      return { type: 'UserRenamed', data: { name: row.name } };
    },
    (row) => {
      row.status = 'suspended';
      return { type: 'UserSuspended', data: {} };
    },
    (row) => {
      row.status = 'active';
      return { type: 'UserReinstated', data: {} };
    },
    (row) => {
      if (!row.roles.includes('admin')) row.roles = [...row.roles, 'admin'];
      return { type: 'RoleGranted', data: { role: 'admin' } };
    },
    (row) => {
      row.roles = row.roles.filter((role) => role !== 'admin');
      return { type: 'RoleRevoked', data: { role: 'admin' } };
    },
    () => ({ type: 'PasswordChanged', data: { passwordHash: 'another' } }),
  ];
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

  for (let step = 0; step < steps; step++) {
    const chance = random();
    const row = expected.size === 0 ? undefined : pick([...expected.values()]);
    if (row === undefined || chance < 0.3) {
      const name = `registered ${step}`;
      const userId = await world.register(name);
      expected.set(userId, { user_id: userId, name, status: 'active', roles: ['user'], revision: '0', next: 1n });
      continue;
    }
    if (chance < 0.35) {
      await world.append(row.user_id, USER_ERASURE_STARTED);
      await world.destroyKey(row.user_id);
      await world.append(row.user_id, USER_ERASED);
      expected.delete(row.user_id);
      continue;
    }
    const change = pick(changes);
    const stored = world.stored(row.user_id, change(row, step));
    const addsUnknown = chance > 0.95;
    await world.appendStored(row.user_id, [
      stored,
      ...(addsUnknown ? [{ ...stored, id: crypto.randomUUID(), type: 'UserFromTheFuture' }] : []),
    ]);
    row.next += addsUnknown ? 2n : 1n;
    row.revision = String(row.next - 1n);
  }
  return [...expected.values()].map(({ next: _next, ...row }) => row).sort((a, b) => (a.user_id < b.user_id ? -1 : 1));
};

/** The rows of the read model, in the shape of the expected ones. */
export const storedProfiles = async ({ pool }: Pick<World, 'pool'>): Promise<ExpectedProfile[]> => {
  const { rows } = await pool.query<ExpectedProfile>(
    'select user_id, name, status, roles, revision from read.user_profile_v1 order by user_id',
  );
  return rows;
};
