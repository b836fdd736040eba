import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { appendedEvents, confirmedUser, PASSWORD, requestOrigin } from '../../test/testCommands.js';
import { applyCommand, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import { type LiveCaller, liveCaller } from '../authorization/liveCaller.js';
import { loadUser, passwordHashOf } from '../user/loadUser.js';
import { endOwnSessions } from './endOwnSessions.js';
import { login } from './login.js';

const ADA = 'ada@example.org';

let deps: TestSessions;
let userId: string;
beforeEach(async () => {
  deps = await testSessions();
  userId = await confirmedUser(deps, ADA);
});
afterEach(() => deps.close());

const logIn = async () => {
  const { body } = await login(deps, { email: ADA, password: PASSWORD }, requestOrigin());
  return principalIn(deps, body.accessToken);
};
const endOthers = async (confirmCaller: () => Promise<LiveCaller>) =>
  endOwnSessions(deps, { userId, password: PASSWORD, confirmCaller }, requestOrigin());
const ends = () => appendedEvents(deps).filter((event) => event === 'signin SessionEnded').length;

describe('endOwnSessions', () => {
  it('T-08 ends the sessions whose end is in the log when the log fails in the middle, and a repeat ends the rest', async () => {
    const current = await logIn();
    for (let count = 0; count < 30; count += 1) await logIn();
    const { append } = deps.eventLog;
    let appends = 0;
    const failing = jest.spyOn(deps.eventLog, 'append').mockImplementation((...args) => {
      appends += 1;
      return appends > 25 ? Promise.reject(new LogUnavailable()) : append(...args);
    });
    const confirm = () => liveCaller(deps, current);
    await expect(endOthers(confirm)).rejects.toBeInstanceOf(LogUnavailable);
    expect([ends(), (await sessionRows(deps)).length]).toEqual([25, 6]);
    failing.mockRestore();
    await endOthers(confirm);
    expect([ends(), (await sessionRows(deps)).map(({ id }) => id)]).toEqual([30, [current.sessionId]]);
  });

  it('has nothing to do for a user who is erased after the look at the session', async () => {
    const current = await logIn();
    await logIn();
    const confirm = async () => {
      const caller = await liveCaller(deps, current);
      const verifiedHash = passwordHashOf(await loadUser(deps, userId)) ?? '';
      jest.spyOn(deps.vault, 'query').mockImplementationOnce(async () => {
        await applyCommand(deps, userId, { type: 'StartErasure', verifiedHash });
        return { rows: [{ id: current.sessionId }] };
      });
      return caller;
    };
    await expect(endOthers(confirm)).resolves.toBeUndefined();
    expect([ends(), (await sessionRows(deps)).length]).toEqual([0, 0]);
  });
});
