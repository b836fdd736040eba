import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { accountOfUser, confirmCallerAs, confirmedUser, PASSWORD, requestOrigin } from '../../test/testCommands.js';
import { confirmChange, requestChange, undoChange } from '../../test/testEmailChanges.js';
import { applyCommand, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import { settle } from '../account/settle.js';
import { eraseUser } from '../profile/eraseUser.js';
import { loadUser, passwordHashOf } from '../user/loadUser.js';
import { login } from './login.js';

const ADA = 'ada@example.org';
const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });

let deps: TestSessions;
beforeEach(async () => {
  deps = await testSessions();
});
afterEach(() => {
  jest.restoreAllMocks();
  return deps.close();
});

/** The starts and ends in the user's sign-in stream: type, session and reason, the sessions numbered as they started. */
const signins = async (userId: string) => {
  const events = await deps.eventLog.readStream(signinStream(userId));
  const data = events.map((event) => event.data as { sessionId: string; reason?: string });
  const sessions = [...new Set(data.map(({ sessionId }) => sessionId))];
  return events.map(({ type }, index) => {
    const { sessionId, reason } = data[index] ?? {};
    return [type, sessions.indexOf(sessionId ?? ''), ...(reason === undefined ? [] : [reason])].join(' ');
  });
};
const REFUSED = ['SessionStarted 0', 'SessionEnded 0 refused'];

const logIn = (password = PASSWORD) => login(deps, { email: ADA, password }, requestOrigin());

describe('login during a revocation', () => {
  const beforeSigninAppend = (work: () => Promise<unknown>) => deps.eventLog.beforeAppend(work);

  it('T-08 refuses when the password was changed after the stream was read', async () => {
    const userId = await confirmedUser(deps, ADA);
    const hash = passwordHashOf(await loadUser(deps, userId)) ?? '';
    beforeSigninAppend(async () => {
      const passwordHash = await deps.passwords.hash('another horse battery staple', {
        purpose: 'log-in',
        source: '192.0.2.7',
      });
      await applyCommand(deps, userId, { type: 'ChangePassword', verifiedHash: hash, passwordHash });
    });
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
    expect(await sessionRows(deps)).toEqual([]);
    expect(await signins(userId)).toEqual(REFUSED);
    expect((await logIn('another horse battery staple')).body.user.id).toBe(userId);
    expect(await signins(userId)).toEqual([...REFUSED, 'SessionStarted 1']);
  });

  it('A-05 lets in when another log-in upgraded the hash, and a role was granted, after the stream was read', async () => {
    const userId = await confirmedUser(deps, ADA);
    const verifiedHash = passwordHashOf(await loadUser(deps, userId)) ?? '';
    beforeSigninAppend(async () => {
      const passwordHash = await deps.passwords.hash(PASSWORD, { purpose: 'log-in', source: '192.0.2.7' });
      await applyCommand(deps, userId, { type: 'UpgradePasswordHash', verifiedHash, passwordHash });
      await applyCommand(deps, userId, { type: 'GrantRole', role: 'auditor' });
    });
    expect((await logIn()).body.user.roles).toEqual(['user', 'auditor']);
    expect(await signins(userId)).toEqual(['SessionStarted 0']);
  });

  it('T-08 refuses when the account was suspended after the stream was read', async () => {
    const userId = await confirmedUser(deps, ADA);
    beforeSigninAppend(() => applyCommand(deps, userId, { type: 'SuspendUser' }));
    await expect(logIn()).rejects.toEqual(refusal('account-suspended'));
    expect(await sessionRows(deps)).toEqual([]);
    expect(await signins(userId)).toEqual(REFUSED);
  });

  it("T-08 refuses when all sessions were ended after the stream was read: with an address that is no longer the user's", async () => {
    const userId = await confirmedUser(deps, 'before@example.org');
    const change = await requestChange(deps, userId, ADA);
    await confirmChange(deps, change);
    beforeSigninAppend(() => undoChange(deps, change));
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
    expect(await sessionRows(deps)).toEqual([]);
    expect(await signins(userId)).toEqual(REFUSED);
  });

  it("T-08 refuses at an address that is no longer the user's, before the vault has learned of that", async () => {
    const userId = await confirmedUser(deps, 'before@example.org');
    const change = await requestChange(deps, userId, ADA);
    await confirmChange(deps, change);
    deps.crashAfter('facts-appended');
    await expect(undoChange(deps, change)).rejects.toThrow();
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
    expect(await sessionRows(deps)).toEqual([]);
    expect(await signins(userId)).toEqual([]);
  });

  it('T-08 refuses when a suspension began and ended after the stream was read', async () => {
    const userId = await confirmedUser(deps, ADA);
    beforeSigninAppend(async () => {
      await applyCommand(deps, userId, { type: 'SuspendUser' });
      await applyCommand(deps, userId, { type: 'ReinstateUser' });
    });
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
    expect(await sessionRows(deps)).toEqual([]);
    expect((await logIn()).body.user.id).toBe(userId);
  });

  it('records nothing when the account was suspended before the stream was read', async () => {
    const userId = await confirmedUser(deps, ADA);
    await applyCommand(deps, userId, { type: 'SuspendUser' });
    await expect(logIn()).rejects.toEqual(refusal('account-suspended'));
    expect(await signins(userId)).toEqual([]);
  });

  it('gives the same refusal when its record cannot be appended, and logs that', async () => {
    const userId = await confirmedUser(deps, ADA);
    const warn = jest.spyOn(deps.log, 'warn');
    const { append } = deps.eventLog;
    jest.spyOn(deps.eventLog, 'append').mockImplementation(async (stream, events, expected) => {
      if (events[0]?.type === 'SessionEnded') throw new LogUnavailable();
      return append(stream, events, expected);
    });
    beforeSigninAppend(() => applyCommand(deps, userId, { type: 'SuspendUser' }));
    await expect(logIn()).rejects.toEqual(refusal('account-suspended'));
    expect(await signins(userId)).toEqual(['SessionStarted 0']);
    expect(warn.mock.calls).toEqual([
      ['end of a refused session not recorded', { userId, error: expect.any(LogUnavailable) }],
    ]);
  });

  it('E-01 refuses a user who is erased after the start was recorded, and logs no failure', async () => {
    const userId = await confirmedUser(deps, ADA);
    const warn = jest.spyOn(deps.log, 'warn');
    const { append } = deps.eventLog;
    jest.spyOn(deps.eventLog, 'append').mockImplementationOnce(async (...started) => {
      const appended = await append(...started);
      await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
      return appended;
    });
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
    expect(await signins(userId)).toEqual(['SessionStarted 0']);
    expect(warn).not.toHaveBeenCalled();
  });

  it('T-08 ends a session that started after a suspension was appended and before it was settled', async () => {
    const userId = await confirmedUser(deps, ADA);
    beforeSigninAppend(async () => {
      deps.crashAfter('facts-appended');
      await expect(applyCommand(deps, userId, { type: 'SuspendUser' })).rejects.toThrow();
    });
    await logIn();
    expect(await sessionRows(deps)).toHaveLength(1);
    const { state, revision } = await loadUser(deps, userId);
    if (state.status !== 'suspended' || revision === undefined) throw new Error('the stream has no suspension');
    await settle(deps, userId, revision, state);
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('T-08 starts the session under the new epoch when only roles changed', async () => {
    const userId = await confirmedUser(deps, ADA);
    beforeSigninAppend(() => applyCommand(deps, userId, { type: 'GrantRole', role: 'auditor' }));
    const { body } = await logIn();
    expect(await principalIn(deps, body.accessToken)).toMatchObject({ roles: ['user', 'auditor'], epoch: 1n });
    expect(await sessionRows(deps)).toMatchObject([{ epoch: '1' }]);
    expect(await signins(userId)).toEqual(['SessionStarted 0']);
  });

  it('settles a reinstatement that the vault missed, instead of refusing', async () => {
    const userId = await confirmedUser(deps, ADA);
    await applyCommand(deps, userId, { type: 'SuspendUser' });
    deps.crashAfter('facts-appended');
    await expect(applyCommand(deps, userId, { type: 'ReinstateUser' })).rejects.toThrow();
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'suspended' });
    expect((await logIn()).body.user).toMatchObject({ status: 'active', revision: 2 });
  });

  it('T-08 answers busy without a session when revocations keep coming', async () => {
    const userId = await confirmedUser(deps, ADA);
    const { rows } = await deps.vault.query(
      `update account set epoch = 99, revision = 99 where user_id = $1 returning user_id`,
      [userId],
    );
    expect(rows).toHaveLength(1);
    await expect(logIn()).rejects.toEqual(refusal('busy'));
    expect(await signins(userId)).toEqual(REFUSED);
  });

  it('T-08 leaves no session after a parallel suspension, and records as refused those that nobody got', async () => {
    const userId = await confirmedUser(deps, ADA);
    let started = 0;
    for (let round = 0; round < faultRounds({ usual: 10, full: 1_000 }); round += 1) {
      const suspension = applyCommand(deps, userId, { type: 'SuspendUser' });
      const logIns = await Promise.allSettled(Array.from({ length: 4 }, () => logIn()));
      await suspension;
      expect(await sessionRows(deps)).toEqual([]);
      started += logIns.filter(({ status }) => status === 'fulfilled').length;
      await applyCommand(deps, userId, { type: 'ReinstateUser' });
    }
    const recorded = await signins(userId);
    const starts = recorded.filter((entry) => entry.startsWith('SessionStarted'));
    expect(starts.length - recorded.filter((entry) => entry.endsWith(' refused')).length).toBe(started);
  });
});
