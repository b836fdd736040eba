import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MailTokenPurpose } from '@ums/identity/mail-token/mailToken';
import {
  accountOfUser,
  addressMacOf,
  Crashed,
  confirmCallerAs,
  confirmedUser,
  PASSWORD,
  requestOrigin,
} from '../../test/testCommands.js';
import { confirmChange, reconcile, requestChange, undoChange } from '../../test/testEmailChanges.js';
import { applyCommand, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import type { CrashPoint } from '../account/factDeps.js';
import { liveCaller } from '../authorization/liveCaller.js';
import { eraseUser } from '../profile/eraseUser.js';
import { login } from '../session/login.js';
import { loadUser, passwordHashOf } from '../user/loadUser.js';
import { resetEpochOf } from '../user/userState.js';
import { resetPassword } from './resetPassword.js';

const [ADA, KING, NEW] = ['ada@example.org', 'king@example.org', 'nine quiet boats at noon'];
const HOUR_MS = 3_600_000;
const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });

let deps: TestSessions;
let userId: string;
beforeEach(async () => {
  deps = await testSessions();
  userId = await confirmedUser(deps, ADA);
});
afterEach(() => deps.close());

/** The token that is mailed for a request now. */
const mailed = async (email = ADA, purpose: MailTokenPurpose = 'reset') => {
  const epoch = resetEpochOf((await loadUser(deps, userId)).state);
  const expires = new Date(deps.clock.now().getTime() + HOUR_MS);
  return deps.mailTokens.issue({ purpose, ids: [userId], addressMac: addressMacOf(deps, email), expires, epoch });
};
const reset = (token: string, newPassword = NEW) => resetPassword(deps, { token, newPassword }, requestOrigin());
const logIn = (password: string, email = ADA) => login(deps, { email, password }, requestOrigin());
const typesOf = () => deps.eventLog.events.filter(({ stream }) => stream === `user-${userId}`).map(({ type }) => type);
const setPassword = async (newPassword: string) => {
  const verifiedHash = passwordHashOf(await loadUser(deps, userId)) ?? '';
  const passwordHash = await deps.passwords.hash(newPassword, { purpose: 'log-in', source: '192.0.2.7' });
  await applyCommand(deps, userId, { type: 'ChangePassword', verifiedHash, passwordHash });
};

describe('resetPassword', () => {
  it('E-09 sets the password, ends every session and starts none', async () => {
    const { body } = await logIn(PASSWORD);
    await expect(reset(await mailed())).resolves.toMatchObject({ userId, revision: 1n });

    expect(typesOf()).toEqual(['UserRegistered.v2', 'PasswordChanged']);
    expect(await sessionRows(deps)).toEqual([]);
    const principal = await principalIn(deps, body.accessToken);
    await expect(liveCaller(deps, principal)).rejects.toEqual(refusal('unauthenticated'));
    await expect(logIn(PASSWORD)).rejects.toEqual(refusal('credentials-invalid'));
    expect((await logIn(NEW)).body.user.id).toBe(userId);
  });

  it('names the user as the actor, and seals the source', async () => {
    await reset(await mailed());
    const { facts } = await loadUser(deps, userId);
    const { actor, source } = facts.at(-1)?.metadata ?? {};
    expect([actor, source]).toEqual([{ kind: 'user', id: userId }, expect.stringMatching(/^v1\./)]);
  });

  it('E-04 works once: a repeat with the same password gets the same answer, with another one token-invalid', async () => {
    const token = await mailed();
    for (let time = 0; time < 3; time += 1) await expect(reset(token)).resolves.toMatchObject({ revision: 1n });
    await expect(reset(token, `${NEW} and more`)).rejects.toEqual(refusal('token-invalid'));
    expect(typesOf()).toEqual(['UserRegistered.v2', 'PasswordChanged']);
  });

  it('E-04 has one effect when two requests use the link at the same time', async () => {
    const token = await mailed();
    const outcomes = await Promise.allSettled([reset(token), reset(token), reset(token, `${NEW} of a rival`)]);
    const { body } = await logIn(outcomes[2].status === 'fulfilled' ? `${NEW} of a rival` : NEW);
    expect(body.user.revision).toBe(1);
    expect(outcomes.filter(({ status }) => status === 'rejected')).not.toHaveLength(0);
    expect(typesOf()).toEqual(['UserRegistered.v2', 'PasswordChanged']);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the password was changed', () => setPassword('another quiet password')],
    ['the address was changed', async () => confirmChange(deps, await requestChange(deps, userId, KING))],
    [
      'the address was changed and changed back',
      async () => {
        await confirmChange(deps, await requestChange(deps, userId, KING));
        await confirmChange(deps, await requestChange(deps, userId, ADA));
      },
    ],
    ['a change of the address was undone', async () => undoChange(deps, await requestChange(deps, userId, KING))],
    ['the user was suspended', () => applyCommand(deps, userId, { type: 'SuspendUser' })],
    [
      'the user was suspended and reinstated',
      async () => {
        await applyCommand(deps, userId, { type: 'SuspendUser' });
        await applyCommand(deps, userId, { type: 'ReinstateUser' });
      },
    ],
    ['the roles changed', () => applyCommand(deps, userId, { type: 'GrantRole', role: 'auditor' })],
    [
      'the user was erased',
      () => eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin()),
    ],
    ['an hour has passed', async () => deps.clock.advance(HOUR_MS)],
  ])('E-04 refuses the link once %s', async (_, happens) => {
    const token = await mailed();
    await happens();
    const before = typesOf();
    await expect(reset(token)).rejects.toEqual(refusal('token-invalid'));
    expect(typesOf()).toEqual(before);
  });

  it('E-04 takes the link after events that are no cut', async () => {
    const token = await mailed();
    await applyCommand(deps, userId, { type: 'RenameUser', name: 'Ada King' });
    await requestChange(deps, userId, KING);
    await expect(reset(token)).resolves.toMatchObject({ userId });
  });

  it('E-04 refuses the links of others, of another address or purpose, without an epoch, and what is no token', async () => {
    const good = await mailed();
    const other = await confirmedUser(deps, KING);
    const [version, key, purpose, , expires, epoch, mac] = good.split('.');
    const forged = [
      [version, key, purpose, other, expires, epoch, mac].join('.'),
      [version, key, purpose, userId, Number(expires) + 60, epoch, mac].join('.'),
      [version, key, purpose, userId, expires, Number(epoch) + 1, mac].join('.'),
      [version, key, purpose, userId, expires, '', mac].join('.'),
      await mailed(KING),
      await mailed(ADA, 'undo'),
      await mailed(ADA, 'confirm'),
      deps.mailTokens.issue({
        ...{ purpose: 'reset', ids: [userId], addressMac: addressMacOf(deps, ADA) },
        expires: new Date(deps.clock.now().getTime() + HOUR_MS),
      }),
      deps.mailTokens.issue({
        ...{ purpose: 'reset', ids: [randomUUID()], addressMac: addressMacOf(deps, ADA), epoch: 0n },
        expires: new Date(deps.clock.now().getTime() + HOUR_MS),
      }),
      'nonsense',
    ];
    for (const token of forged) await expect(reset(token)).rejects.toEqual(refusal('token-invalid'));
    await expect(reset(good)).resolves.toMatchObject({ userId });
  });

  it('A-02 refuses a password against the policy, and the link goes on working', async () => {
    const token = await mailed();
    await expect(reset(token, 'too short')).rejects.toMatchObject({
      slug: 'validation-failed',
      details: { errors: [{ field: 'newPassword' }] },
    });
    await expect(reset(token)).resolves.toMatchObject({ userId });
  });

  it('E-04 decides again after a conflict, and refuses if the user was cut meanwhile', async () => {
    const [renamed, suspended] = [await mailed(), await mailed()];
    deps.eventLog.beforeAppend(() => applyCommand(deps, userId, { type: 'RenameUser', name: 'Ada King' }));
    await reset(renamed);
    await expect(reset(suspended, `${NEW} again`)).rejects.toEqual(refusal('token-invalid'));
    const next = await mailed();
    deps.eventLog.beforeAppend(() => applyCommand(deps, userId, { type: 'SuspendUser' }));
    await expect(reset(next)).rejects.toEqual(refusal('token-invalid'));
    expect(typesOf()).toEqual(['UserRegistered.v2', 'UserRenamed', 'PasswordChanged', 'UserSuspended']);
  });

  it('E-04 refuses the link of a user who is erased while the password is hashed', async () => {
    const token = await mailed();
    const { passwords } = deps;
    const hash: typeof passwords.hash = async (...given) => {
      await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
      return passwords.hash(...given);
    };
    deps.passwords = { ...passwords, hash };
    await expect(reset(token)).rejects.toEqual(refusal('token-invalid'));
  });

  it('E-05 ends a requested change of the address', async () => {
    const change = await requestChange(deps, userId, KING);
    await reset(await mailed());
    await expect(confirmChange(deps, change, NEW)).rejects.toEqual(refusal('token-invalid'));
  });

  it('sets the password that is current, and ends the sessions', async () => {
    await logIn(PASSWORD);
    await reset(await mailed(), PASSWORD);
    expect(await sessionRows(deps)).toEqual([]);
    expect((await logIn(PASSWORD)).body.user.revision).toBe(1);
  });

  const steps: Parameters<CrashPoint>[0][] = [
    'facts-appended',
    'account-written',
    'sessions-deleted',
    'addresses-written',
  ];
  it.each(steps)('F-06 E-09 is resumed by a repeat after a crash at %s', async (step) => {
    await logIn(PASSWORD);
    const token = await mailed();
    deps.crashAfter(step);
    await expect(reset(token)).rejects.toBeInstanceOf(Crashed);
    await expect(reset(token)).resolves.toMatchObject({ revision: 1n });
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '1', epoch: '1', sessions_from: '1' });
    expect(await sessionRows(deps)).toEqual([]);
  });

  it.each(steps)('F-06 E-09 is completed by the reconciler after a crash at %s', async (step) => {
    await logIn(PASSWORD);
    const token = await mailed();
    deps.crashAfter(step);
    await expect(reset(token)).rejects.toBeInstanceOf(Crashed);
    await reconcile(deps);
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '1', epoch: '1', sessions_from: '1' });
    expect(await sessionRows(deps)).toEqual([]);
    expect((await logIn(NEW)).body.user.id).toBe(userId);
  });

  it('K-01 needs no pepper of the password before, without which that is answered as wrong', async () => {
    const token = await mailed();
    const { passwords } = deps;
    deps.passwords = { ...passwords, verify: async () => false };
    await expect(logIn(PASSWORD)).rejects.toEqual(refusal('credentials-invalid'));
    await expect(reset(token)).resolves.toMatchObject({ userId });
    deps.passwords = passwords;
    expect((await logIn(NEW)).body.user.id).toBe(userId);
  });

  it('K-01 takes the link that was mailed before ADDRESS_KEY was replaced', async () => {
    const token = await mailed();
    await deps.vault.query(
      `update address set former_mac = mac, former_until = now() + interval '7 days',
         mac = decode(md5('another') || md5('key'), 'hex') where user_id = $1`,
      [userId],
    );
    await expect(reset(token)).resolves.toMatchObject({ userId });
  });
});
