import { describe, expect, it } from '@jest/globals';
import { ROLES, type Role } from '../roles.js';
import { readStanding, standingFilter, standingOf } from './standing.js';

const STATUSES = ['active', 'suspended'] as const;
/** Every set of roles. */
const roleSets = Array.from({ length: 2 ** ROLES.length }, (_, bits): Role[] =>
  ROLES.filter((_role, index) => bits & (1 << index)),
);
const all = STATUSES.flatMap((status) => roleSets.map((roles) => ({ status, roles })));

describe('a standing', () => {
  it('is another number for each status and set of roles, and stands for them', () => {
    expect(new Set(all.map(standingOf)).size).toBe(32);
    for (const standing of all) expect(readStanding(standingOf(standing))).toEqual(standing);
    expect(standingOf({ status: 'active', roles: ['admin', 'user'] })).toBe(
      standingOf({ status: 'active', roles: ['user', 'admin'] }),
    );
  });

  it('keeps its number, because rows hold it', () => {
    const numbers = [...ROLES.map((role) => standingOf({ status: 'active', roles: [role] }))];
    expect([...numbers, standingOf({ status: 'suspended', roles: [] })]).toEqual([2, 4, 8, 16, 1]);
  });
});

describe('standingFilter', () => {
  it('selects the users with the status and the role', () => {
    for (const status of [undefined, ...STATUSES])
      for (const role of [undefined, ...ROLES]) {
        const { mask, value } = standingFilter({ ...(status && { status }), ...(role && { role }) });
        const selected = all.filter((standing) => (standingOf(standing) & mask) === value);
        const expected = all.filter(
          (standing) =>
            (status === undefined || standing.status === status) &&
            (role === undefined || standing.roles.includes(role)),
        );
        expect(selected).toEqual(expected);
      }
  });
});
