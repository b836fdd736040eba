import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { appendedEvents, confirmedUser, PASSWORD, requestOrigin } from '../../test/testCommands.js';
import { applyCommand, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import { liveCaller } from '../authorization/liveCaller.js';
import { loadUser, passwordHashOf } from '../user/loadUser.js';
import { endSession, logout } from './endSession.js';
import { login } from './login.js';
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

describe('logout', () => {
  it('T-08 records the end, deletes the session and revokes its tokens, and leaves other sessions', async () => {
    const one = await startSession();
    const other = await startSession();
    await logout(deps, await liveCaller(deps, one.who), requestOrigin());
    expect(appendedEvents(deps).at(-1)).toBe('signin SessionEnded');
    expect(await sessionRows(deps)).toMatchObject([{ id: other.who.sessionId }]);
    const { rows } = await deps.vault.query('select user_id, session_id, epoch from revocation');
    expect(rows).toEqual([{ user_id: userId, session_id: one.who.sessionId, epoch: null }]);
    await expect(refresh(deps, one.refreshToken, requestOrigin())).rejects.toEqual(refusal('refresh-token-invalid'));
    await expect(liveCaller(deps, one.who)).rejects.toEqual(refusal('unauthenticated'));
  });

  it('revokes the session while the log is down, and throws LogUnavailable', async () => {
    const { who, refreshToken } = await startSession();
    const live = await liveCaller(deps, who);
    jest.spyOn(deps.eventLog, 'append').mockRejectedValueOnce(new LogUnavailable());
    await expect(logout(deps, live, requestOrigin())).rejects.toBeInstanceOf(LogUnavailable);
    expect(await sessionRows(deps)).toEqual([]);
    await expect(refresh(deps, refreshToken, requestOrigin())).rejects.toEqual(refusal('refresh-token-invalid'));
  });

  it('appends one event when a session is ended twice', async () => {
    const { who } = await startSession();
    const end = () => endSession(deps, { ...who, reason: 'logout' }, requestOrigin());
    await end();
    await end();
    expect(appendedEvents(deps).filter((event) => event === 'signin SessionEnded')).toHaveLength(1);
  });

  it('T-11 is a no-op for a user who was erased meanwhile', async () => {
    const { who } = await startSession();
    const verifiedHash = passwordHashOf(await loadUser(deps, userId)) ?? '';
    await applyCommand(deps, userId, { type: 'StartErasure', verifiedHash });
    await expect(endSession(deps, { ...who, reason: 'logout' }, requestOrigin())).resolves.toBeUndefined();
  });
});
