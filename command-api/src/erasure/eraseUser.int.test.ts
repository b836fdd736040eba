import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountOfUser,
  aUser,
  Crashed,
  caller,
  confirmedAs,
  liveAs,
  macOf,
  PASSWORD,
  registered,
  stateOf,
  type TestCommands,
  testCommands,
  written,
} from '../../test/testCommands.js';
import type { CrashPoint } from '../commandDeps.js';
import { renameUser } from '../profile/renameUser.js';
import { reconcileBatch } from '../reconciler/reconcileBatch.js';
import { sweep } from '../reconciler/sweep.js';
import { confirm } from '../registration/confirm.js';
import { findLoginStream } from '../session/loginStream.js';
import { eraseUser } from './eraseUser.js';

const ADA = 'ada@example.org';

let deps: TestCommands;
beforeEach(async () => {
  deps = await testCommands();
});
afterEach(() => deps.close());

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
const erasing = (userId: string, password = PASSWORD) =>
  eraseUser(deps, { userId, password, confirmCaller: confirmedAs(userId) }, caller());
const count = async (sql: string, ...values: unknown[]): Promise<number> =>
  Number((await deps.vault.query<{ count: string }>(`select count(*) from ${sql}`, values)).rows[0]?.count);

/** Nothing of the person is left but the tombstone, the goodbye, and what is still to be done. */
const expectErased = async (userId: string) => {
  expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'erased', roles: [] });
  expect((await deps.keys.fresh([userId])).get(userId)).toEqual({ erased: true });
  expect(await count('address where user_id = $1', userId)).toBe(0);
  expect(await count('session where user_id = $1', userId)).toBe(0);
  expect(await count('registration')).toBe(0);
  expect(await count('data_key where wrapped is not null')).toBe(await count('farewell'));
  expect(await findLoginStream(deps.vault, macOf(deps, ADA), deps.clock.now())).toMatchObject({ kind: 'decoy' });
  expect(await stateOf(deps, userId)).toMatchObject({ status: 'erased' });
};

describe('eraseUser', () => {
  it('G-01 destroys key, address, sessions and registrations, and notes the goodbye', async () => {
    const userId = await aUser(deps, ADA);
    await deps.vault.query(
      "insert into session (id, user_id, epoch, expires_at) values (gen_random_uuid(), $1, 0, now() + interval '1 h')",
      [userId],
    );
    await registered(deps, ADA, 'somebody waits for it too');
    await erasing(userId);
    await expectErased(userId);
    expect(await count('farewell where user_id = $1', userId)).toBe(1);
    expect(await count('revocation where user_id = $1 and epoch = 1', userId)).toBe(1);
    await sweep(deps);
    expect(written(deps).slice(-2)).toEqual(['user UserErasureStarted', 'user UserErased']);
    expect(await count('erasure')).toBe(0);
  });

  it('knows nobody under an id that was never registered', async () => {
    await expect(erasing('0199c0de-0000-4000-8000-00000000dead')).rejects.toEqual(refusal('not-found'));
  });

  it('T-11 asks for the password', async () => {
    const userId = await aUser(deps, ADA);
    await expect(erasing(userId, 'not the password of Ada')).rejects.toEqual(refusal('password-invalid'));
    expect(await stateOf(deps, userId)).toMatchObject({ status: 'active' });
  });

  it('refuses when the session died while the password was looked at', async () => {
    const userId = await aUser(deps, ADA);
    const dead = async () => Promise.reject(new Error('the session is dead'));
    const erased = eraseUser(deps, { userId, password: PASSWORD, confirmCaller: dead }, caller());
    await expect(erased).rejects.toThrow('the session is dead');
    expect(await stateOf(deps, userId)).toMatchObject({ status: 'active' });
  });

  it('Z-06 knows nobody under the id of an erased user, and gives the address to whoever comes next', async () => {
    const userId = await aUser(deps, ADA);
    await erasing(userId);
    await expect(renameUser(deps, { caller: liveAs(userId), name: 'Ada King' }, caller())).rejects.toEqual(
      refusal('not-found'),
    );
    const next = await aUser(deps, ADA);
    expect(next).not.toBe(userId);
  });

  it('waits for nobody who waits for it: erasures and confirmations of one address at the same moment', async () => {
    for (let round = 0; round < 3; round++) {
      const userId = await aUser(deps, ADA);
      const others = Array.from({ length: 5 }, (_, index) => `somebody else ${round} ${index}`);
      const tokens: { token: string; password: string }[] = [];
      for (const password of others) tokens.push({ password, token: await registered(deps, ADA, password) });
      const confirming = tokens.map((request) => confirm(deps, request, caller()));
      const [erased, ...confirmed] = await Promise.allSettled([erasing(userId), ...confirming, sweep(deps)]);
      expect(erased.status).toBe('fulfilled');
      for (const result of confirmed)
        if (result.status === 'rejected') expect(result.reason).toEqual(refusal('token-invalid'));
      expect(confirmed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await expectErased(userId);
      await sweep(deps);
      deps.clock.advance(3_600_001);
      await sweep(deps);
    }
  });

  it('lets a farewell and its key end after an hour', async () => {
    await erasing(await aUser(deps, ADA));
    deps.clock.advance(3_600_001);
    await sweep(deps);
    expect(await count('farewell')).toBe(0);
    expect(await count('data_key where wrapped is not null')).toBe(0);
  });

  const steps: Parameters<CrashPoint>[0][] = [
    'facts-appended',
    'account-written',
    'erasure-written',
    'erasure-finished',
  ];
  it.each(steps)('is carried to its end by the keeper when the process dies after %s', async (step) => {
    const userId = await aUser(deps, ADA);
    deps.crashAfter(step);
    const outcome = await erasing(userId).catch((error: unknown) => error);
    if (step !== 'erasure-finished') expect(outcome).toBeInstanceOf(Crashed);
    for (let round = 0; round < 2; round++) {
      await reconcileBatch(deps, deps.eventLog.events);
      await sweep(deps);
    }
    await expectErased(userId);
    expect(written(deps).filter((event) => event === 'user UserErased')).toHaveLength(1);
    expect(await count('erasure')).toBe(0);
    expect(await count('farewell')).toBe(1);
  });

  it('F-02 is carried to its end by a repeat when the log drops its reply after the append', async () => {
    const userId = await aUser(deps, ADA);
    deps.eventLog.dropReplies();
    await expect(erasing(userId)).rejects.toMatchObject({ name: 'LogUnavailable' });
    await erasing(userId);
    await expectErased(userId);
    expect(written(deps).filter((event) => event === 'user UserErasureStarted')).toHaveLength(1);
  });
});
