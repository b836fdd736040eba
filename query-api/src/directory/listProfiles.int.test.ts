import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '@ums/contracts/roles';
import { userLists } from '../../test/userLists.js';
import { createWorld, type World } from '../../test/world.js';

const ROLE_SETS: Role[][] = [['user'], ['user', 'admin'], ['auditor'], ['user', 'auditor', 'service']];
const users = Array.from({ length: 24 }, (_, index) => ({
  id: randomUUID(),
  name: `user ${String(index).padStart(2, '0')}`,
  status: index % 3 === 0 ? ('suspended' as const) : ('active' as const),
  roles: ROLE_SETS[index % 4] as Role[],
  registeredAt: new Date(Date.UTC(2026, 0, 1 + index)),
}));
const dayOf = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`;

let world: World;
let lists: ReturnType<typeof userLists>;
beforeAll(async () => {
  world = await createWorld();
  lists = userLists(world);
  for (const user of users) await world.addUser(user);
});
afterAll(() => world.close());

describe('GET /users', () => {
  it('lists all users in order of registration, both ways', async () => {
    for (const limit of [1, 7, 24, 100]) expect(await lists.walk(limit, {})).toEqual(users.map(({ name }) => name));
  });

  it('filters by status, role and time of registration together, both ways', async () => {
    for (const status of [undefined, 'active', 'suspended'] as const)
      for (const role of [undefined, 'user', 'admin', 'auditor', 'service'] as const)
        for (const [from, to] of [[], [5], [undefined, 20], [5, 20]]) {
          const expected = users.filter(
            ({ registeredAt, ...user }) =>
              (status === undefined || user.status === status) &&
              (role === undefined || user.roles.includes(role)) &&
              (from === undefined || registeredAt >= new Date(dayOf(from))) &&
              (to === undefined || registeredAt <= new Date(dayOf(to))),
          );
          const parameters = {
            ...(status && { status }),
            ...(role && { role }),
            ...(from && { registeredFrom: dayOf(from) }),
            ...(to && { registeredTo: dayOf(to) }),
          };
          expect(await lists.walk(3, parameters)).toEqual(expected.map(({ name }) => name));
        }
  });

  it('takes a time in any zone', async () => {
    const inUtc = await lists.page({ registeredFrom: dayOf(5), limit: '1' });
    for (const registeredFrom of [
      '2026-01-05T02:00:00.000001+02:00',
      '2026-01-05T02:00:00.000001+0200',
      '2026-01-05 00:00:00 UTC',
    ])
      expect(await lists.page({ registeredFrom, limit: '1' })).toEqual(inUtc);
  });

  it('stays in the range when a cursor is outside it', async () => {
    const { next } = await lists.page({ limit: '2' });
    const after = await lists.page({ after: String(next), registeredFrom: dayOf(10), limit: '1' });
    expect(after.items).toMatchObject([{ name: 'user 09' }]);
    const last = await lists.page({ registeredFrom: dayOf(22), limit: '2' });
    const before = await lists.page({ before: String(last.next), registeredTo: dayOf(5), limit: '1' });
    expect(before.items).toMatchObject([{ name: 'user 04' }]);
  });

  it.each([
    [{ status: 'erased' }, 'status'],
    [{ status: '' }, 'status'],
    [{ role: 'root' }, 'role'],
    [{ registeredFrom: '2026-01-01' }, 'registeredFrom'],
    [{ registeredFrom: '2026-02-31T00:00:00Z' }, 'registeredFrom'],
    [{ registeredTo: 'yesterday' }, 'registeredTo'],
    [{ registeredTo: '2026-01-01T00:00:00+25:00' }, 'registeredTo'],
    [{ registeredTo: '2026-01-01T00:00:00' }, 'registeredTo'],
    [{ registeredFrom: dayOf(2), registeredTo: dayOf(1) }, 'registeredTo'],
    [{ after: 'a', before: 'b' }, 'before'],
    [{ stauts: 'active' }, 'stauts'],
  ])('I-02 I-03 refuses %j and names the field', async (parameters, field) => {
    expect(await lists.faults(parameters as Record<string, string>)).toEqual([field]);
  });
});

describe('GET /users/summary', () => {
  const summary = async () => (await world.get('/users/summary', lists.admin)).json();

  it('returns the number of users by status and role', async () => {
    expect(await summary()).toEqual({
      total: 24,
      active: { total: 16, roles: { user: 12, admin: 4, auditor: 8, service: 4 } },
      suspended: { total: 8, roles: { user: 6, admin: 2, auditor: 4, service: 2 } },
    });
  });

  it('returns zeros without users', async () => {
    await world.read.query('truncate read.user_profile_v1');
    const none = { total: 0, roles: { user: 0, admin: 0, auditor: 0, service: 0 } };
    expect(await summary()).toEqual({ total: 0, active: none, suspended: none });
  });
});
