import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { StreamDeleted } from '@ums/kit/event-log/eventLog';
import { confirmedUser, PASSWORD, requestOrigin } from '../../test/testCommands.js';
import { applyCommand, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import { liveCaller } from '../authorization/liveCaller.js';
import { endOwnSessions } from './endOwnSessions.js';
import { login } from './login.js';
import { logout } from './logout.js';
import { refresh } from './refresh.js';

const ADA = 'ada@example.org';
const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });

let deps: TestSessions;
let userId: string;
let warn: jest.SpiedFunction<TestSessions['log']['warn']>;
beforeEach(async () => {
  deps = await testSessions();
  userId = await confirmedUser(deps, ADA);
  await logIn();
  deps.eventLog.deleteStream(signinStream(userId));
  warn = jest.spyOn(deps.log, 'warn');
});
afterEach(() => {
  jest.restoreAllMocks();
  return deps.close();
});

const logIn = async () => {
  const { body } = await login(deps, { email: ADA, password: PASSWORD }, requestOrigin());
  return { ...body, who: await principalIn(deps, body.accessToken) };
};
const liveIds = async () => (await sessionRows(deps)).map(({ id }) => id);

describe('a user whose sign-in history an operator has deleted for good', () => {
  it('logs in, and a warning says that it is not recorded', async () => {
    const { who } = await logIn();
    expect(await liveIds()).toContain(who.sessionId);
    const fields = { userId, correlationId: expect.any(String), type: 'SessionStarted' };
    expect(warn.mock.calls).toEqual([
      ['the sign-in history was deleted', { ...fields, error: expect.any(StreamDeleted) }],
    ]);
  });

  it('T-08 logs out, and is refused when suspended during the log-in', async () => {
    const { who, refreshToken } = await logIn();
    await logout(deps, { confirmCaller: () => liveCaller(deps, who), refreshToken: undefined }, requestOrigin());
    expect(await liveIds()).not.toContain(who.sessionId);
    await expect(refresh(deps, refreshToken, requestOrigin())).rejects.toEqual(refusal('refresh-token-invalid'));
    deps.eventLog.beforeAppend(() => applyCommand(deps, userId, { type: 'SuspendUser' }));
    await expect(logIn()).rejects.toEqual(refusal('account-suspended'));
  });

  it('T-08 ends all other sessions', async () => {
    const { who } = await logIn();
    const confirmCaller = () => liveCaller(deps, who);
    await endOwnSessions(deps, { userId, password: PASSWORD, confirmCaller }, requestOrigin());
    expect(await liveIds()).toEqual([who.sessionId]);
  });
});
