import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountOfUser,
  addressMacOf,
  appendedEvents,
  Crashed,
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  registrationToken,
  requestOrigin,
  stateOf,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { requestChange } from '../../test/testEmailChanges.js';
import type { CrashPoint } from '../account/factDeps.js';
import { attemptBuckets, countedNamesOf, mailNameOf } from '../limits/buckets.js';
import { createCredentialLimits } from '../limits/credentialLimits.js';
import { requestMail } from '../mail-request/requestMail.js';
import { reconcileBatch } from '../reconciler/reconcileBatch.js';
import { sweep } from '../reconciler/sweep.js';
import { confirm } from '../registration/confirm.js';
import { findAccount } from '../session/loginStream.js';
import { eraseUser } from './eraseUser.js';
import { updateUser } from './updateUser.js';

const ADA = 'ada@example.org';
const MAIL_LIMITS = {
  ...{ failuresPerAccountAndSource: 10, failuresPerAccount: 100, failuresPerSource: 300 },
  ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 12, mailsPerSource: 60 },
};

let deps: TestCommands;
beforeEach(async () => {
  deps = await testCommands();
});
afterEach(() => deps.close());

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
const erasing = (userId: string, password = PASSWORD, ifMatch?: bigint) =>
  eraseUser(deps, { userId, password, ifMatch, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
const count = async (sql: string, ...values: unknown[]): Promise<number> =>
  Number((await deps.vault.query<{ count: string }>(`select count(*) from ${sql}`, values)).rows[0]?.count);

/** Expects that only the key's tombstone, the erasure notice and unfinished work are left of the user. */
const expectErased = async (userId: string) => {
  expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'erased', roles: [] });
  expect((await deps.keys.fresh([userId])).get(userId)).toEqual({ erased: true });
  expect(await count('address where user_id = $1', userId)).toBe(0);
  expect(await count('session where user_id = $1', userId)).toBe(0);
  expect(await count('registration')).toBe(0);
  expect(await count('data_key where wrapped is not null')).toBe(await count('farewell'));
  expect(await findAccount(deps.vault, addressMacOf(deps, ADA))).toMatchObject({ kind: 'decoy' });
  expect(await stateOf(deps, userId)).toMatchObject({ status: 'erased' });
};

describe('eraseUser', () => {
  it('G-01 destroys key, address, sessions and registrations, and records the erasure notice', async () => {
    const userId = await confirmedUser(deps, ADA);
    await deps.vault.query(
      "insert into session (id, user_id, epoch, expires_at) values (gen_random_uuid(), $1, 0, now() + interval '1 h')",
      [userId],
    );
    await registrationToken(deps, ADA, 'password of another registration');
    await erasing(userId);
    await expectErased(userId);
    expect(await count('farewell where user_id = $1', userId)).toBe(1);
    expect(await count('revocation where user_id = $1 and epoch = 1', userId)).toBe(1);
    await sweep(deps);
    expect(appendedEvents(deps).slice(-2)).toEqual(['user UserErasureStarted', 'user UserErased']);
    expect(await count('erasure')).toBe(0);
  });

  it('G-01 forgets the mails of each kind that were counted for the address', async () => {
    const userId = await confirmedUser(deps, ADA);
    const limits = createCredentialLimits({ ...deps, settings: MAIL_LIMITS });
    for (const purpose of ['confirm-registration', 'reset-password'] as const)
      await requestMail({ ...deps, limits }, { email: ADA, purpose }, requestOrigin());
    const { account } = attemptBuckets(deps.addressKey);
    const counted = countedNamesOf(addressMacOf(deps, ADA)).map(account);
    expect(await count('attempt where account = any($1::bytea[])', counted)).toBe(2);
    await erasing(userId);
    expect(await count('attempt where account = any($1::bytea[])', counted)).toBe(0);
  });

  it('G-01 forgets the mails of changes that were counted for the user, and for the address by others', async () => {
    const limits = createCredentialLimits({ ...deps, settings: MAIL_LIMITS });
    const limited = { ...deps, limits };
    const userId = await confirmedUser(deps, ADA);
    const other = await confirmedUser(deps, 'grace@example.org');
    deps.clock.advance(86_400_000);
    await requestChange(limited, userId, 'ada.king@example.org');
    await requestChange(limited, other, ADA);
    const account = (change: { addressMac: Buffer; userId: string }) =>
      attemptBuckets(deps.addressKey).account(mailNameOf({ kind: 'first-change', ...change }));
    const counted = [
      account({ addressMac: addressMacOf(deps, ADA), userId }),
      account({ addressMac: addressMacOf(deps, 'ada.king@example.org'), userId }),
      account({ addressMac: addressMacOf(deps, ADA), userId: other }),
    ];
    expect(await count('attempt where account = any($1::bytea[])', counted)).toBe(3);
    await erasing(userId);
    expect(await count('attempt where account = any($1::bytea[])', counted)).toBe(0);
    const notice = account({ addressMac: addressMacOf(deps, 'grace@example.org'), userId: other });
    expect(await count('attempt where account = $1', notice)).toBe(1);
  });

  it('answers not-found for an id that was never registered', async () => {
    await expect(erasing('0199c0de-0000-4000-8000-00000000dead')).rejects.toEqual(refusal('not-found'));
  });

  it('T-11 requires the password', async () => {
    const userId = await confirmedUser(deps, ADA);
    await expect(erasing(userId, 'not the password of Ada')).rejects.toEqual(refusal('password-invalid'));
    expect(await stateOf(deps, userId)).toMatchObject({ status: 'active' });
  });

  it('refuses if the session ended while the password was verified', async () => {
    const userId = await confirmedUser(deps, ADA);
    const sessionEnded = async () => Promise.reject(new Error('the session has ended'));
    const erased = eraseUser(deps, { userId, password: PASSWORD, confirmCaller: sessionEnded }, requestOrigin());
    await expect(erased).rejects.toThrow('the session has ended');
    expect(await stateOf(deps, userId)).toMatchObject({ status: 'active' });
  });

  it('Z-06 answers not-found for an erased user, and frees the address for a new registration', async () => {
    const userId = await confirmedUser(deps, ADA);
    await erasing(userId);
    await expect(updateUser(deps, { caller: liveCallerOf(userId), name: 'Ada King' }, requestOrigin())).rejects.toEqual(
      refusal('not-found'),
    );
    const next = await confirmedUser(deps, ADA);
    expect(next).not.toBe(userId);
  });

  it('does not deadlock with concurrent confirmations of the same address', async () => {
    for (let round = 0; round < 3; round++) {
      const userId = await confirmedUser(deps, ADA);
      const confirmations: { token: string; password: string }[] = [];
      for (let index = 0; index < 5; index++) {
        const password = `password ${index} of round ${round}`;
        confirmations.push({ password, token: await registrationToken(deps, ADA, password) });
      }
      const confirming = confirmations.map((request) => confirm(deps, request, requestOrigin()));
      const [erased, swept, ...confirmed] = await Promise.allSettled([erasing(userId), sweep(deps), ...confirming]);
      expect([erased.status, swept.status]).toEqual(['fulfilled', 'fulfilled']);
      for (const result of confirmed)
        expect(result).toMatchObject({ status: 'rejected', reason: refusal('token-invalid') });
      await expectErased(userId);
      await sweep(deps);
      deps.clock.advance(3_600_001);
      await sweep(deps);
    }
  });

  it('deletes the erasure notice and its key after an hour', async () => {
    await erasing(await confirmedUser(deps, ADA));
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
  it.each(steps)('is finished by the reconciler when the process dies after %s', async (step) => {
    const userId = await confirmedUser(deps, ADA);
    deps.crashAfter(step);
    const outcome = await erasing(userId).catch((error: unknown) => error);
    if (step !== 'erasure-finished') expect(outcome).toBeInstanceOf(Crashed);
    for (let round = 0; round < 2; round++) {
      await reconcileBatch(deps, deps.eventLog.events);
      await sweep(deps);
    }
    await expectErased(userId);
    expect(appendedEvents(deps).filter((event) => event === 'user UserErased')).toHaveLength(1);
    expect(await count('erasure')).toBe(0);
    expect(await count('farewell')).toBe(1);
  });

  it('F-05 answers a repeat with the same If-Match after the process died after the append', async () => {
    const userId = await confirmedUser(deps, ADA);
    deps.crashAfter('facts-appended');
    await expect(erasing(userId, PASSWORD, 0n)).rejects.toBeInstanceOf(Crashed);
    await expect(erasing(userId, PASSWORD, 0n)).resolves.toMatchObject({ revision: 1n });
    await expectErased(userId);
  });

  it('F-05 answers both of two concurrent requests with the same If-Match', async () => {
    const userId = await confirmedUser(deps, ADA);
    deps.eventLog.beforeAppend(() => erasing(userId, PASSWORD, 0n));
    await expect(erasing(userId, PASSWORD, 0n)).resolves.toMatchObject({ revision: 1n });
    await expectErased(userId);
  });

  it('F-05 refuses a stale If-Match, also when the user changes during the request', async () => {
    const userId = await confirmedUser(deps, ADA);
    const rename = (name: string) => updateUser(deps, { caller: liveCallerOf(userId), name }, requestOrigin());
    deps.eventLog.beforeAppend(() => rename('Ada King'));
    await expect(erasing(userId, PASSWORD, 0n)).rejects.toEqual(refusal('stale-revision'));
    await expect(erasing(userId, PASSWORD, 0n)).rejects.toEqual(refusal('stale-revision'));
    expect(await stateOf(deps, userId)).toMatchObject({ status: 'active', name: 'Ada King' });
  });

  it('F-02 is finished by a repeat when the reply to the append was lost', async () => {
    const userId = await confirmedUser(deps, ADA);
    deps.eventLog.dropReplies();
    await expect(erasing(userId)).rejects.toMatchObject({ name: 'LogUnavailable' });
    await erasing(userId);
    await expectErased(userId);
    expect(appendedEvents(deps).filter((event) => event === 'user UserErasureStarted')).toHaveLength(1);
  });
});
