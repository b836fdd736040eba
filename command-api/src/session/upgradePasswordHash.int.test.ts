import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { Refused } from '@ums/kit/refused';
import { appendedEvents, confirmedUser, PASSWORD, requestOrigin, stateOf } from '../../test/testCommands.js';
import { applyCommand, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import { login } from './login.js';

const ADA = 'ada@example.org';
let deps: TestSessions;
beforeEach(async () => {
  deps = await testSessions();
});
afterEach(() => deps.close());

const logIn = () => login(deps, { email: ADA, password: PASSWORD }, requestOrigin());

describe('login with an outdated password hash', () => {
  const outdate = () => {
    const old = deps.passwords;
    deps.passwords = { ...old, isOutdated: (stored) => !stored.startsWith('hashed:new'), hash: hashNew };
  };
  const hashNew = async (text: string) => `hashed:new:${Buffer.from(text).toString('hex')}`;

  it('A-05 replaces the hash once, ends no session and changes no old event', async () => {
    const userId = await confirmedUser(deps, ADA);
    const first = await logIn();
    const before = JSON.stringify(deps.eventLog.events.slice(0, 4), (_, value) => String(value) && value?.toString());
    outdate();
    const { body, position } = await logIn();
    expect(body.user.revision).toBe(1);
    expect(position).toBe(deps.eventLog.events.at(-1)?.position);
    expect(appendedEvents(deps).slice(-2)).toEqual(['signin SessionStarted', 'user PasswordHashUpgraded']);
    expect(await stateOf(deps, userId)).toMatchObject({ passwordHash: await hashNew(PASSWORD), epoch: 0n });
    expect(JSON.stringify(deps.eventLog.events.slice(0, 4), (_, value) => String(value) && value?.toString())).toBe(
      before,
    );
    expect(await sessionRows(deps)).toHaveLength(2);
    expect((await principalIn(deps, first.body.accessToken)).userId).toBe(userId);
    await logIn();
    expect(appendedEvents(deps).filter((event) => event === 'user PasswordHashUpgraded')).toHaveLength(1);
  });

  it('A-05 drops the new hash when another event was appended first, and logs in anyway', async () => {
    const userId = await confirmedUser(deps, ADA);
    outdate();
    const hash = deps.passwords.hash;
    deps.passwords.hash = async (text, turn) => {
      await applyCommand(deps, userId, { type: 'RenameUser', name: 'Ada King' });
      return hash(text, turn);
    };
    expect((await logIn()).body.user.revision).toBe(0);
    expect(appendedEvents(deps)).not.toContain('user PasswordHashUpgraded');
  });

  it.each([
    ['the hash queue is full', () => new Refused('busy')],
    ['the log is down', () => new LogUnavailable()],
  ])('A-05 logs in without replacing the hash when %s', async (_case, failure) => {
    await confirmedUser(deps, ADA);
    outdate();
    deps.passwords.hash = async () => {
      throw failure();
    };
    expect((await logIn()).body.user.revision).toBe(0);
  });
});
