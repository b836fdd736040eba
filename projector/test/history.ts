import type { DomainEvent } from '@ums/contracts/events/event';
import { ERASED_AT_LAST, ERASURE_STARTED, type World } from './world.js';

/** What a person's profile must be, kept by hand beside the events: shares no code with reducer or runner. */
export interface Expected {
  user_id: string;
  name: string;
  status: string;
  roles: string[];
  revision: string;
}

/** Numbers from 0 to 1 that a failing round can be repeated with. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Lets people do something, at random: `steps` events of users, some erased, some of unknown type. */
export const liveThrough = async (here: World, steps: number, random: () => number): Promise<Expected[]> => {
  const expected = new Map<string, Expected & { next: bigint }>();
  const does: Record<string, (row: Expected, step: number) => DomainEvent> = {
    rename: (row, step) => {
      row.name = `name ${step}`;
      return { type: 'UserRenamed', data: { name: row.name } };
    },
    suspend: (row) => {
      row.status = 'suspended';
      return { type: 'UserSuspended', data: {} };
    },
    reinstate: (row) => {
      row.status = 'active';
      return { type: 'UserReinstated', data: {} };
    },
    grant: (row) => {
      if (!row.roles.includes('admin')) row.roles = [...row.roles, 'admin'];
      return { type: 'RoleGranted', data: { role: 'admin' } };
    },
    revoke: (row) => {
      row.roles = row.roles.filter((role) => role !== 'admin');
      return { type: 'RoleRevoked', data: { role: 'admin' } };
    },
    change: () => ({ type: 'PasswordChanged', data: { passwordHash: 'another' } }),
  };
  const deeds = Object.values(does);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

  for (let step = 0; step < steps; step++) {
    const chance = random();
    const row = expected.size === 0 ? undefined : pick([...expected.values()]);
    if (row === undefined || chance < 0.3) {
      const userId = await here.register(`born ${step}`);
      expected.set(userId, {
        user_id: userId,
        name: `born ${step}`,
        status: 'active',
        roles: ['user'],
        revision: '0',
        next: 1n,
      });
      continue;
    }
    if (chance < 0.35) {
      await here.append(row.user_id, ERASURE_STARTED);
      await here.destroyKey(row.user_id);
      await here.append(row.user_id, ERASED_AT_LAST);
      expected.delete(row.user_id);
      continue;
    }
    const [deed] = [pick(deeds)];
    const stored = here.stored(row.user_id, deed(row, step));
    await here.appendStored(row.user_id, [
      stored,
      ...(chance > 0.95 ? [{ ...stored, id: crypto.randomUUID(), type: 'UserFromTheFuture' }] : []),
    ]);
    row.next += chance > 0.95 ? 2n : 1n;
    row.revision = String(row.next - 1n);
  }
  return [...expected.values()].map(({ next: _next, ...row }) => row).sort((a, b) => (a.user_id < b.user_id ? -1 : 1));
};

export const profiles = async ({ pool }: Pick<World, 'pool'>): Promise<Expected[]> => {
  const { rows } = await pool.query<Expected>(
    'select user_id, name, status, roles, revision from read.user_profile_v1 order by user_id',
  );
  return rows;
};
