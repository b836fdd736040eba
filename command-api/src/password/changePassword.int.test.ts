import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { accountOfUser, Crashed, confirmedUser, PASSWORD, requestOrigin, stateOf } from '../../test/testCommands.js';
import { confirmChange, reconcile, requestChange, undoChange } from '../../test/testEmailChanges.js';
import { applyCommand, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import type { CrashPoint } from '../account/factDeps.js';
import { liveCaller } from '../authorization/liveCaller.js';
import { changeLimitOf, PROVEN_CHANGE_ROUTE } from '../profile/changeLimit.js';
import { login } from '../session/login.js';
import { refresh } from '../session/refresh.js';
import { loadUser, passwordHashOf } from '../user/loadUser.js';
import { changePassword } from './changePassword.js';

const [ADA, NEW] = ['ada@example.org', 'nine quiet boats at noon'];
const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });

let deps: TestSessions;
let userId: string;
let counted: string[];
beforeEach(async () => {
  deps = await testSessions();
  userId = await confirmedUser(deps, ADA);
  counted = [];
});
afterEach(() => deps.close());

const logIn = async (password = PASSWORD) => (await login(deps, { email: ADA, password }, requestOrigin())).body;
const changeLimit = {
  count: async () => void counted.push('counted'),
  giveBack: async () => void counted.push('given back'),
  refuseExcess: () => undefined,
};

/** The caller's session is confirmed as that of the access token. */
const changeWith = async (
  accessToken: string,
  {
    password = PASSWORD,
    newPassword = NEW,
    ifMatch,
  }: { password?: string; newPassword?: string; ifMatch?: bigint } = {},
) => {
  const principal = await principalIn(deps, accessToken);
  const confirmCaller = () => liveCaller(deps, principal);
  const limit = changeLimitOf({ changeLimit, lateChangeLimit: changeLimit }, userId, PROVEN_CHANGE_ROUTE);
  return changePassword(deps, { userId, password, newPassword, ifMatch, limit, confirmCaller }, requestOrigin());
};
/** Runs between the change and the start of the caller's session. */
const onceAppended = (work: () => Promise<unknown>) => {
  let isArmed = true;
  deps.crashPoint = (step) => {
    if (step !== 'facts-appended' || !isArmed) return;
    isArmed = false;
    deps.eventLog.beforeAppend(work);
  };
};
const typesOf = () => deps.eventLog.events.filter(({ stream }) => stream === `user-${userId}`).map(({ type }) => type);

describe('changePassword', () => {
  it.each([
    [
      'gives the change of the day back when the append was refused before it was sent',
      false,
      ['counted', 'given back'],
    ],
    ['counts a change whose append got no answer', true, ['counted']],
  ])('R-09 %s', async (_, wasCalled, expected) => {
    const { accessToken } = await logIn();
    deps.eventLog.append = () => Promise.reject(new DependencyUnavailable('event log', undefined, wasCalled));
    await expect(changeWith(accessToken)).rejects.toBeInstanceOf(DependencyUnavailable);
    expect(counted).toEqual(expected);
  });

  it('A-06 T-08 ends every session, and starts one for the caller, with one event', async () => {
    const [own, other] = [await logIn(), await logIn()];
    const { tokens, user } = await changeWith(own.accessToken);

    expect(typesOf()).toEqual(['UserRegistered.v2', 'PasswordChanged']);
    expect(user.revision).toBe(1n);
    for (const { accessToken, refreshToken } of [own, other]) {
      await expect(refresh(deps, refreshToken, requestOrigin())).rejects.toEqual(refusal('refresh-token-invalid'));
      const principal = await principalIn(deps, accessToken);
      await expect(liveCaller(deps, principal)).rejects.toEqual(refusal('unauthenticated'));
    }
    expect(await sessionRows(deps)).toMatchObject([{ epoch: '1', generation: 0 }]);
    await expect(liveCaller(deps, await principalIn(deps, tokens.accessToken))).resolves.toMatchObject({ userId });
    await expect(refresh(deps, tokens.refreshToken, requestOrigin())).resolves.toHaveProperty('accessToken');
    const { rows } = await deps.vault.query('select epoch from revocation where user_id = $1', [userId]);
    expect(rows).toEqual([{ epoch: '1' }]);
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
    expect((await logIn(NEW)).user.id).toBe(userId);
    expect(counted).toEqual(['counted']);
  });

  it('records the session of the caller in the history as started', async () => {
    const { accessToken } = await logIn();
    const { tokens } = await changeWith(accessToken);
    const { sessionId } = await principalIn(deps, tokens.accessToken);
    const started = (await deps.eventLog.readStream(signinStream(userId))).at(-1);
    expect(started).toMatchObject({ type: 'SessionStarted', data: { sessionId } });
  });

  it.each([
    ['a wrong password', { password: 'not the right password' }, 'password-invalid'],
    ['the current password as the new one', { newPassword: PASSWORD }, 'validation-failed'],
    ['a new password against the policy', { newPassword: 'too short' }, 'validation-failed'],
    ['a stale revision', { ifMatch: 7n }, 'stale-revision'],
  ])('A-06 F-05 changes nothing for %s', async (_, sent, slug) => {
    const { accessToken, refreshToken } = await logIn();
    await expect(changeWith(accessToken, sent)).rejects.toEqual(refusal(slug));
    expect(typesOf()).toEqual(['UserRegistered.v2']);
    await expect(refresh(deps, refreshToken, requestOrigin())).resolves.toHaveProperty('accessToken');
    expect(counted).toEqual([]);
  });

  it('knows the current password in another normal form', async () => {
    const composed = 'é'.normalize('NFC').repeat(20);
    const { accessToken } = await logIn();
    await changeWith(accessToken, { newPassword: composed });
    const again = await logIn(composed);
    const same = changeWith(again.accessToken, { password: composed, newPassword: composed.normalize('NFD') });
    await expect(same).rejects.toMatchObject({ details: { errors: [{ field: 'newPassword' }] } });
  });

  it('T-08 refuses when the session ended while the passwords were hashed', async () => {
    const { accessToken } = await logIn();
    const { passwords } = deps;
    const hash: typeof passwords.hash = async (...given) => {
      await deps.vault.query('delete from session');
      return passwords.hash(...given);
    };
    deps.passwords = { ...passwords, hash };
    await expect(changeWith(accessToken)).rejects.toEqual(refusal('unauthenticated'));
    expect(typesOf()).toEqual(['UserRegistered.v2']);
  });

  it('refuses when the password was changed while the passwords were hashed', async () => {
    const { accessToken } = await logIn();
    const verifiedHash = passwordHashOf(await loadUser(deps, userId)) ?? '';
    deps.eventLog.beforeAppend(() =>
      applyCommand(deps, userId, { type: 'ChangePassword', verifiedHash, passwordHash: 'hash of a thief' }),
    );
    await expect(changeWith(accessToken)).rejects.toEqual(refusal('unauthenticated'));
    expect(typesOf()).toEqual(['UserRegistered.v2', 'PasswordChanged']);
    expect(counted).toEqual(['counted', 'given back']);
  });

  const endAllSessions = async () => {
    await applyCommand(deps, userId, { type: 'SuspendUser' });
    await applyCommand(deps, userId, { type: 'ReinstateUser' });
  };

  it('T-08 refuses when all sessions ended just before the append', async () => {
    const { accessToken } = await logIn();
    deps.eventLog.beforeAppend(endAllSessions);
    await expect(changeWith(accessToken)).rejects.toEqual(refusal('unauthenticated'));
    expect(typesOf()).toEqual(['UserRegistered.v2', 'UserSuspended', 'UserReinstated']);
    expect(counted).toEqual(['counted', 'given back']);
  });

  it('T-08 refuses when all sessions ended in the log and the vault does not know', async () => {
    const { accessToken } = await logIn();
    const { rows: sessions } = await deps.vault.query('select * from session');
    const { rows: accounts } = await deps.vault.query('select sessions_from, epoch, revision from account');
    await endAllSessions();
    await deps.vault.query(
      'update account set sessions_from = $1, epoch = $2, revision = $3',
      Object.values(accounts[0]),
    );
    await deps.vault.query('insert into session select * from json_populate_record(null::session, $1)', [
      JSON.stringify(sessions[0]),
    ]);
    await expect(changeWith(accessToken)).rejects.toEqual(refusal('unauthenticated'));
    expect(typesOf()).toEqual(['UserRegistered.v2', 'UserSuspended', 'UserReinstated']);
  });

  it('A-05 decides again after another event, and counts one change', async () => {
    const { accessToken } = await logIn();
    deps.eventLog.beforeAppend(() => applyCommand(deps, userId, { type: 'RenameUser', name: 'Ada King' }));
    await changeWith(accessToken);
    expect(typesOf()).toEqual(['UserRegistered.v2', 'UserRenamed', 'PasswordChanged']);
    expect(counted).toEqual(['counted']);
  });

  it('answers unauthenticated when the new password was replaced before the session of the caller started', async () => {
    const { accessToken } = await logIn();
    onceAppended(async () => {
      const verifiedHash = passwordHashOf(await loadUser(deps, userId)) ?? '';
      await applyCommand(deps, userId, { type: 'ChangePassword', verifiedHash, passwordHash: 'a later hash' });
    });
    await expect(changeWith(accessToken)).rejects.toEqual(refusal('unauthenticated'));
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('passes on what keeps the session of the caller from starting', async () => {
    const { accessToken } = await logIn();
    onceAppended(() => applyCommand(deps, userId, { type: 'SuspendUser' }));
    await expect(changeWith(accessToken)).rejects.toEqual(refusal('account-suspended'));
  });

  it('E-05 ends a requested change of the address, whose undo link keeps its effect', async () => {
    const change = await requestChange(deps, userId, 'king@example.org');
    await changeWith((await logIn()).accessToken);
    await expect(confirmChange(deps, change, NEW)).rejects.toEqual(refusal('token-invalid'));
    await undoChange(deps, change);
    expect(await stateOf(deps, userId)).toMatchObject({ email: ADA, requestedEmail: undefined });
  });

  it('A-06 has one effect when two sessions change the password at the same time', async () => {
    const sessions = [await logIn(), await logIn()];
    const changing = sessions.map(({ accessToken }, index) =>
      changeWith(accessToken, { newPassword: `${NEW} of session ${index}` }),
    );
    const outcomes = await Promise.allSettled(changing);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(typesOf()).toEqual(['UserRegistered.v2', 'PasswordChanged']);
    expect(await sessionRows(deps)).toHaveLength(1);
  });

  const steps: Parameters<CrashPoint>[0][] = [
    'facts-appended',
    'account-written',
    'sessions-deleted',
    'addresses-written',
  ];
  it.each(steps)('F-06 T-08 is completed by the reconciler after a crash at %s', async (step) => {
    const own = await logIn();
    deps.crashAfter(step);
    await expect(changeWith(own.accessToken)).rejects.toBeInstanceOf(Crashed);
    await reconcile(deps);
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '1', epoch: '1', sessions_from: '1' });
    expect(await sessionRows(deps)).toEqual([]);
    expect((await logIn(NEW)).user.revision).toBe(1);
  });

  it('F-02 takes effect when the reply to the append was lost', async () => {
    const { accessToken } = await logIn();
    deps.eventLog.dropReplies();
    await expect(changeWith(accessToken)).rejects.toMatchObject({ name: 'LogUnavailable' });
    await reconcile(deps);
    expect((await logIn(NEW)).user.id).toBe(userId);
    expect(await sessionRows(deps)).toHaveLength(1);
  });
});
