import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { metricsText } from '@ums/kit/metrics';
import { Refused } from '@ums/kit/refused';
import { confirmedUser, PASSWORD, registrationToken, requestOrigin } from '../../test/testCommands.js';
import { applyCommand, type TestSessions, testSessions } from '../../test/testSessions.js';
import { failedLogin, loginCounter } from './countLogin.js';
import { login } from './login.js';

const ADA = 'ada@example.org';

let deps: TestSessions;
beforeEach(async () => {
  deps = await testSessions();
});
afterEach(() => deps.close());

describe('the count of log-ins', () => {
  it('L-01 has the outcome of each log-in', async () => {
    const counted: string[] = [];
    const logIn = (email: string, password = PASSWORD) =>
      login({ ...deps, countLogin: (outcome) => void counted.push(outcome) }, { email, password }, requestOrigin());
    const userId = await confirmedUser(deps, ADA);
    await logIn(ADA);
    await expect(logIn(ADA, 'the wrong password')).rejects.toBeInstanceOf(Refused);
    await expect(logIn('unknown@example.org')).rejects.toBeInstanceOf(Refused);
    await registrationToken(deps, 'waiting@example.org');
    await expect(logIn('waiting@example.org')).rejects.toBeInstanceOf(Refused);
    await applyCommand(deps, userId, { type: 'SuspendUser' });
    await expect(logIn(ADA)).rejects.toBeInstanceOf(Refused);
    expect(counted).toEqual([
      'succeeded',
      'credentials-invalid',
      'credentials-invalid',
      'email-not-confirmed',
      'account-suspended',
    ]);
  });

  it('has one outcome for all dependencies, and one for all unknown errors', () => {
    expect(failedLogin(new Refused('busy'))).toBe('busy');
    expect(failedLogin(new LogUnavailable())).toBe('dependency-unavailable');
    expect(failedLogin(new Error('canary'))).toBe('internal-error');
    expect(failedLogin(new Refused('another-slug'))).toBe('internal-error');
  });

  it('exposes outcomes that have not occurred yet', async () => {
    loginCounter()('busy');
    const { text } = await metricsText();
    expect(text).toContain('ums_logins_total{outcome="busy"} 1');
    expect(text).toContain('ums_logins_total{outcome="succeeded"} 0');
    loginCounter();
    expect((await metricsText()).text).toContain('ums_logins_total{outcome="busy"} 1');
  });
});
