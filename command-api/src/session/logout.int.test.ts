import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Principal } from '@ums/identity/principal';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { Refused } from '@ums/kit/refused';
import { settlesWithin } from '../../../infra/kit/test/settlesWithin.js';
import { appendedEvents, confirmedUser, PASSWORD, requestOrigin } from '../../test/testCommands.js';
import { applyCommand, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import { liveCaller } from '../authorization/liveCaller.js';
import { loadUser, passwordHashOf } from '../user/loadUser.js';
import { endSession } from './endSession.js';
import { login } from './login.js';
import { logout } from './logout.js';
import { refresh } from './refresh.js';

const ADA = 'ada@example.org';
const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });

let deps: TestSessions;
let userId: string;
beforeEach(async () => {
  deps = await testSessions();
  userId = await confirmedUser(deps, ADA);
});
afterEach(() => deps.close());

const startSession = async () => {
  const { body } = await login(deps, { email: ADA, password: PASSWORD }, requestOrigin());
  return { ...body, who: await principalIn(deps, body.accessToken) };
};

/** Logs out with the access token of a session, or without a valid one. */
const logOut = ({ who, refreshToken }: { who?: Principal; refreshToken?: string }) => {
  const confirmCaller = async () => {
    if (who === undefined) throw new Refused('unauthenticated');
    return liveCaller(deps, who);
  };
  return logout(deps, { confirmCaller, refreshToken }, requestOrigin());
};
const liveIds = async () => (await sessionRows(deps)).map(({ id }) => id);

describe('logout', () => {
  it('T-08 records the end, deletes the session and revokes its tokens, and leaves other sessions', async () => {
    const one = await startSession();
    const other = await startSession();
    await logOut(one);
    expect(appendedEvents(deps).at(-1)).toBe('signin SessionEnded');
    expect(await sessionRows(deps)).toMatchObject([{ id: other.who.sessionId }]);
    const { rows } = await deps.vault.query('select user_id, session_id, epoch from revocation');
    expect(rows).toEqual([{ user_id: userId, session_id: one.who.sessionId, epoch: null }]);
    await expect(refresh(deps, one.refreshToken, requestOrigin())).rejects.toEqual(refusal('refresh-token-invalid'));
    await expect(liveCaller(deps, one.who)).rejects.toEqual(refusal('unauthenticated'));
  });

  it('T-08 ends the session of the refresh token when the access token is missing or was revoked', async () => {
    const [one, other] = [await startSession(), await startSession()];
    await logOut({ refreshToken: one.refreshToken });
    expect(appendedEvents(deps).at(-1)).toBe('signin SessionEnded');
    expect(await liveIds()).toEqual([other.who.sessionId]);
    await logOut({ who: one.who, refreshToken: other.refreshToken });
    expect(await liveIds()).toEqual([]);
  });

  it('accepts the refresh token of an earlier generation, whose successor may have been lost', async () => {
    const { refreshToken } = await startSession();
    await refresh(deps, refreshToken, requestOrigin());
    deps.clock.advance(86_400_000);
    await logOut({ refreshToken });
    expect(await liveIds()).toEqual([]);
  });

  it('uses the access token when both tokens are valid, and ignores a refresh token that is not', async () => {
    const [one, other] = [await startSession(), await startSession()];
    await logOut({ who: one.who, refreshToken: other.refreshToken });
    expect(await liveIds()).toEqual([other.who.sessionId]);
    await logOut({ who: other.who, refreshToken: 'forged' });
    expect(await liveIds()).toEqual([]);
  });

  it('refuses when neither token belongs to a live session', async () => {
    const { who, refreshToken } = await startSession();
    await logOut({ who });
    for (const tokens of [{}, { who }, { refreshToken }, { who, refreshToken }, { refreshToken: 'forged' }])
      await expect(logOut(tokens)).rejects.toEqual(refusal('unauthenticated'));
    expect(appendedEvents(deps).filter((event) => event === 'signin SessionEnded')).toHaveLength(1);
  });

  it('does not use the refresh token when the vault cannot confirm the access token', async () => {
    const { refreshToken, who } = await startSession();
    const confirmCaller = async () => Promise.reject(new Error('the vault is down'));
    await expect(logout(deps, { confirmCaller, refreshToken }, requestOrigin())).rejects.toThrow('the vault is down');
    expect(await liveIds()).toEqual([who.sessionId]);
  });

  it('revokes the session while the log is down, and throws LogUnavailable', async () => {
    const { who, refreshToken } = await startSession();
    jest.spyOn(deps.eventLog, 'append').mockRejectedValueOnce(new LogUnavailable());
    await expect(logOut({ who })).rejects.toBeInstanceOf(LogUnavailable);
    expect(await sessionRows(deps)).toEqual([]);
    await expect(refresh(deps, refreshToken, requestOrigin())).rejects.toEqual(refusal('refresh-token-invalid'));
  });

  it('appends one event when a session is ended twice', async () => {
    const { who } = await startSession();
    const end = () => endSession(deps, { userId, sessionId: who.sessionId, reason: 'logout' }, requestOrigin());
    await end();
    await end();
    expect(appendedEvents(deps).filter((event) => event === 'signin SessionEnded')).toHaveLength(1);
  });

  it('F-03 does not wait for a vault that hangs as well', async () => {
    const { who } = await startSession();
    jest.spyOn(deps.eventLog, 'append').mockRejectedValueOnce(new LogUnavailable());
    jest.spyOn(deps.vault, 'connect').mockImplementationOnce(() => new Promise(() => undefined));
    const ending = endSession(deps, { userId, sessionId: who.sessionId, reason: 'logout' }, requestOrigin());
    expect(await settlesWithin(1_500, ending)).toBe(true);
    await expect(ending).rejects.toBeInstanceOf(LogUnavailable);
  });

  it('T-11 is a no-op for a user who was erased meanwhile', async () => {
    const { who } = await startSession();
    const verifiedHash = passwordHashOf(await loadUser(deps, userId)) ?? '';
    await applyCommand(deps, userId, { type: 'StartErasure', verifiedHash });
    await expect(
      endSession(deps, { userId, sessionId: who.sessionId, reason: 'logout' }, requestOrigin()),
    ).resolves.toBeUndefined();
  });
});
