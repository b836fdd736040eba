import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accountOfUser, Crashed, confirmedUser, type TestCommands, testCommands } from '../../test/testCommands.js';
import type { Standing } from '../user/userState.js';
import type { CrashPoint } from './factDeps.js';
import { settle } from './settle.js';

let deps: TestCommands;
let userId: string;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(async () => {
  userId = await confirmedUser(deps, `${randomUUID()}@example.org`);
});
afterAll(() => deps.close());

const standing = (change: Partial<Standing> = {}): Standing => ({
  ...{ status: 'active', roles: ['user'], epoch: 0n, sessionsFrom: 0n, addressFrom: 0n, mailBlocksFrom: 0n },
  ...change,
});
const session = async (epoch: number): Promise<string> => {
  const id = randomUUID();
  await deps.vault.query(
    "insert into session (id, user_id, epoch, expires_at) values ($1, $2, $3, now() + interval '1 h')",
    [...[id, userId, epoch]],
  );
  return id;
};
const sessions = async () =>
  (
    await deps.vault.query<{ id: string }>('select id from session where user_id = $1 order by epoch', [userId])
  ).rows.map(({ id }) => id);
const revocations = async () =>
  (await deps.vault.query('select epoch from revocation where user_id = $1 order by id', [userId])).rows.map(
    ({ epoch }) => epoch,
  );

describe('settle', () => {
  it('T-08 ends sessions and revokes tokens older than a suspension, and keeps newer sessions', async () => {
    await session(0);
    const after = await session(3);
    await settle(deps, userId, 3n, standing({ status: 'suspended', epoch: 3n, sessionsFrom: 3n }));
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'suspended', revision: '3', epoch: '3' });
    expect(await sessions()).toEqual([after]);
    expect(await revocations()).toEqual(['3']);
  });

  it('T-08 keeps sessions when only tokens are revoked, and revokes nothing when only the revision changes', async () => {
    const id = await session(0);
    await settle(deps, userId, 1n, standing({ roles: ['user', 'admin'], epoch: 1n }));
    await settle(deps, userId, 2n, standing({ roles: ['user', 'admin'], epoch: 1n }));
    expect(await sessions()).toEqual([id]);
    expect(await revocations()).toEqual(['1']);
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '2', roles: ['user', 'admin'] });
  });

  it('ignores a revision that is not newer than the row', async () => {
    await settle(deps, userId, 5n, standing({ epoch: 5n, sessionsFrom: 5n }));
    const late = standing({ status: 'suspended', epoch: 4n, sessionsFrom: 4n });
    expect(await settle(deps, userId, 4n, late)).toBe('current');
    expect(await settle(deps, userId, 5n, late)).toBe('current');
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'active', epoch: '5' });
  });

  it('ends in the same state in whatever order revisions are settled', async () => {
    const states: [bigint, Standing][] = [
      [1n, standing({ roles: ['user', 'admin'], epoch: 1n })],
      [2n, standing({ status: 'suspended', roles: ['user', 'admin'], epoch: 2n, sessionsFrom: 2n })],
      [3n, standing({ roles: ['user', 'admin'], epoch: 2n, sessionsFrom: 2n })],
    ];
    await Promise.all(
      [...states, ...states].reverse().map(([revision, state]) => settle(deps, userId, revision, state)),
    );
    expect(await accountOfUser(deps, userId)).toMatchObject({
      ...{ status: 'active', roles: ['user', 'admin'], revision: '3', epoch: '2', sessions_from: '2' },
    });
  });

  it('Z-06 leaves an erased account unchanged, and reports an unknown one as absent', async () => {
    await deps.vault.query(`update account set status = 'erased' where user_id = $1`, [userId]);
    expect(await settle(deps, userId, 9n, standing())).toBe('erased');
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'erased', revision: '0' });
    expect(await settle(deps, randomUUID(), 0n, standing())).toBe('absent');
  });

  const steps: Parameters<CrashPoint>[0][] = ['account-written', 'sessions-deleted'];
  it.each(steps)('leaves the vault unchanged when the process dies after %s', async (step) => {
    const id = await session(0);
    const suspended = standing({ status: 'suspended', epoch: 1n, sessionsFrom: 1n });
    deps.crashAfter(step);
    await expect(settle(deps, userId, 1n, suspended)).rejects.toBeInstanceOf(Crashed);
    expect(await sessions()).toEqual([id]);
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'active', revision: '0' });
    await settle(deps, userId, 1n, suspended);
    expect(await sessions()).toEqual([]);
    expect(await revocations()).toEqual(['1']);
  });

  describe('the addresses', () => {
    const [mine, next, older] = [1, 2, 3].map(() => randomBytes(32)) as [Buffer, Buffer, Buffer];
    const until = new Date('2026-02-01T12:00:00.000Z');
    const rows = async () =>
      (
        await deps.vault.query(
          'select mac, state, held_until from address where user_id = $1 order by state, held_until',
          [userId],
        )
      ).rows;

    it('E-05 are written when they changed, and the others are deleted', async () => {
      const moved = standing({ addressFrom: 2n });
      await settle(deps, userId, 2n, moved, { addresses: () => ({ current: next, held: [{ mac: mine, until }] }) });
      expect(await rows()).toEqual([
        { mac: next, state: 'current', held_until: null },
        { mac: mine, state: 'held', held_until: until },
      ]);
      await settle(deps, userId, 3n, standing({ addressFrom: 3n }), { addresses: () => ({ current: mine, held: [] }) });
      expect(await rows()).toEqual([{ mac: mine, state: 'current', held_until: null }]);
      expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '3', address_from: '3' });
    });

    it('are left as they are when they cannot be unsealed, and written by a later revision', async () => {
      const before = await rows();
      await settle(deps, userId, 2n, standing({ addressFrom: 2n }), { addresses: () => undefined });
      expect([await rows(), await accountOfUser(deps, userId)]).toMatchObject([before, { address_from: '0' }]);
      await settle(deps, userId, 3n, standing({ addressFrom: 2n }), {
        addresses: () => ({ current: older, held: [] }),
      });
      expect(await rows()).toEqual([{ mac: older, state: 'current', held_until: null }]);
    });

    it('of another user are not taken, which is logged', async () => {
      const [{ mac: taken }] = await rows();
      userId = await confirmedUser(deps, `${randomUUID()}@example.org`);
      const errors: string[] = [];
      const log = { ...deps.log, error: (message: string) => void errors.push(message) };
      await settle({ ...deps, log }, userId, 2n, standing({ addressFrom: 2n }), {
        addresses: () => ({ current: taken, held: [] }),
      });
      expect([await rows(), errors]).toEqual([[], ['the address of a user belongs to another user']]);
    });
  });

  it('makes revocations visible in the order of their ids', async () => {
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, index) => confirmedUser(deps, `o${index}@example.org`)),
    );
    const seen = new Set<bigint>();
    let highest = 0n;
    let done = false;
    const poll = async () => {
      while (!done) {
        const { rows } = await deps.vault.query<{ id: string }>('select id from revocation order by id');
        const ids = rows.map(({ id }) => BigInt(id));
        expect(ids.filter((id) => id <= highest && !seen.has(id))).toEqual([]);
        for (const id of ids) seen.add(id);
        highest = ids.at(-1) ?? 0n;
      }
    };
    const polling = poll();
    const suspended = standing({ status: 'suspended', epoch: 1n, sessionsFrom: 1n });
    await Promise.all(others.map((id) => settle(deps, id, 1n, suspended)));
    done = true;
    await polling;
  });
});
