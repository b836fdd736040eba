import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { Refused } from '@ums/kit/refused';
import {
  accountOfUser,
  appendedEvents,
  Crashed,
  confirmCallerAs,
  confirmedUser,
  newestRegistration,
  PASSWORD,
  registrationToken,
  requestOrigin,
} from '../../test/testCommands.js';
import { applyCommand, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import { liveCaller } from '../authorization/liveCaller.js';
import { eraseUser } from '../profile/eraseUser.js';
import { confirm } from '../registration/confirm.js';
import { registerWithLink } from '../registration/registerWithLink.js';
import { loadUser, passwordHashOf } from '../user/loadUser.js';
import { type LoggedIn, login } from './login.js';
import { refresh } from './refresh.js';

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

const logIn = (email = ADA, password = PASSWORD): Promise<LoggedIn> =>
  login(deps, { email, password }, requestOrigin());

const lastUserPosition = () => deps.eventLog.events.findLast(({ stream }) => stream.startsWith('user-'))?.position;

describe('login', () => {
  it('records the start of a session, and returns tokens, profile and position', async () => {
    const userId = await confirmedUser(deps, ADA);
    const { body, position } = await logIn();
    expect(body).toMatchObject({
      ...{ tokenType: 'Bearer', expiresIn: 600 },
      user: { id: userId, email: ADA, name: 'Ada Lovelace', status: 'active', roles: ['user'], revision: 0 },
    });
    expect(position).toBe(lastUserPosition());
    expect(appendedEvents(deps).at(-1)).toBe('signin SessionStarted');
    const [session] = await sessionRows(deps);
    expect(await principalIn(deps, body.accessToken)).toEqual({
      ...{ userId, sessionId: session.id, roles: ['user'], epoch: 0n },
    });
    expect(deps.refreshTokens.verify(body.refreshToken)).toEqual({ sessionId: session.id, generation: 0 });
  });

  it('E-01 gives the same refusal for a wrong password and for unknown, waiting and suspended accounts', async () => {
    const suspended = await confirmedUser(deps, 'eve@example.org');
    await applyCommand(deps, suspended, { type: 'SuspendUser' });
    await confirmedUser(deps, ADA);
    await registrationToken(deps, 'waiting@example.org');
    for (const email of [ADA, 'eve@example.org', 'waiting@example.org', 'nobody@example.org'])
      await expect(logIn(email, 'the wrong password')).rejects.toEqual(refusal('credentials-invalid'));
    await expect(logIn('nobody@example.org')).rejects.toEqual(refusal('credentials-invalid'));
    await expect(logIn('waiting@example.org')).rejects.toEqual(refusal('email-not-confirmed'));
    await expect(logIn('eve@example.org')).rejects.toEqual(refusal('account-suspended'));
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('E-01 gives the password of a registration the same refusal whether or not the address has an account', async () => {
    const userId = await confirmedUser(deps, ADA);
    for (const email of [ADA, 'free@example.org']) {
      await registrationToken(deps, email, 'a password of their own');
      await expect(logIn(email, 'a password of their own')).rejects.toEqual(refusal('email-not-confirmed'));
      await expect(logIn(email, 'the wrong password')).rejects.toEqual(refusal('credentials-invalid'));
    }
    expect((await logIn()).body.user.id).toBe(userId);
  });

  it.each([
    ['registers', async () => void (await registrationToken(deps, ADA)), 'credentials-invalid'],
    ['registers and confirms', async () => void (await confirmedUser(deps, ADA)), 'credentials-invalid'],
    [
      'uses the link of the stranger',
      async (token: string) =>
        void (await registerWithLink(deps, { token, name: 'Ada', newPassword: PASSWORD }, requestOrigin(), 'en')),
      'email-not-confirmed',
    ],
  ])(
    'E-01 does not tell a stranger who registered an address that its owner confirms: the owner %s',
    async (_, act, then) => {
      const STRANGERS = 'a password of the stranger';
      const slug = () => logIn(ADA, STRANGERS).catch((error: Refused) => error.slug);
      const token = await registrationToken(deps, ADA, STRANGERS);
      expect(await slug()).toBe('email-not-confirmed');
      await act(token);
      expect(await slug()).toBe(then);
    },
  );

  it('logs in when the address is confirmed after no user was found', async () => {
    const token = await registrationToken(deps, ADA);
    const { verify } = deps.passwords;
    jest.spyOn(deps.passwords, 'verify').mockImplementationOnce(async (...given) => {
      await confirm(deps, { token, password: PASSWORD }, requestOrigin());
      return verify(...given);
    });
    expect((await logIn()).body.user.email).toBe(ADA);
  });

  it('logs in when the address is confirmed after its registration was found', async () => {
    const token = await registrationToken(deps, ADA);
    const { readStream } = deps.eventLog;
    let isConfirmed = false;
    jest.spyOn(deps.eventLog, 'readStream').mockImplementation(async (stream, ...rest) => {
      if (stream.startsWith('registration-') && !isConfirmed) {
        isConfirmed = true;
        await confirm(deps, { token, password: PASSWORD }, requestOrigin());
      }
      return readStream(stream, ...rest);
    });
    expect((await logIn()).body.user.email).toBe(ADA);
  });

  it('E-02 sends the same queries, reads the same streams and verifies two hashes for every refused address', async () => {
    const userId = await confirmedUser(deps, ADA);
    await registrationToken(deps, 'waiting@example.org');
    const ids = [userId];
    for (const email of [ADA, 'waiting@example.org']) ids.push(await newestRegistration(deps, email));
    const query = jest.spyOn(deps.vault, 'query');
    const read = jest.spyOn(deps.eventLog, 'readStream');
    const verify = jest.spyOn(deps.passwords, 'verify');
    const costs: unknown[] = [];
    const unknown = Array.from({ length: 8 }, (_, index) => `nobody${index}@example.org`);
    for (const email of [ADA, 'waiting@example.org', ...unknown]) {
      for (const id of ids) deps.keys.evict(id);
      await expect(logIn(email, 'the wrong password')).rejects.toEqual(refusal('credentials-invalid'));
      costs.push([query, read, verify].map((spy) => spy.mock.calls.length));
      for (const spy of [query, read, verify]) spy.mockClear();
    }
    expect(costs[0]).toEqual([4, 2, 2]);
    expect(costs).toEqual(costs.map(() => costs[0]));
  });

  it('E-01 refuses an erased user as it does an unknown address, also with the correct password', async () => {
    const userId = await confirmedUser(deps, ADA);
    const hash = passwordHashOf(await loadUser(deps, userId)) ?? '';
    await applyCommand(deps, userId, { type: 'StartErasure', verifiedHash: hash });
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
  });

  it('E-01 refuses a user who is erased after the stream was read as it does an unknown address', async () => {
    const userId = await confirmedUser(deps, ADA);
    jest.spyOn(deps.passwords, 'verify').mockImplementationOnce(async () => {
      await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
      return true;
    });
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
    expect(appendedEvents(deps)).not.toContain('signin SessionStarted');
  });

  it('E-01 gives an unknown address the same answer when its decoy stream is unreadable', async () => {
    const decoy = await confirmedUser(deps, ADA);
    await deps.vault.query('delete from data_key where subject = $1', [decoy]);
    deps.keys.evict(decoy);
    await expect(loadUser(deps, decoy)).rejects.toMatchObject({ name: 'MissingKey' });
    for (let index = 0; index < 10; index += 1)
      await expect(logIn(`nobody${index}@example.org`)).rejects.toEqual(refusal('credentials-invalid'));
    deps.eventLog.refuse();
    await expect(logIn('nobody@example.org')).rejects.toBeInstanceOf(LogUnavailable);
  });

  it.each([
    ['missing', 'delete from data_key where subject = $1'],
    ['damaged', "update data_key set wrapped = '\\x00' where subject = $1"],
  ])('E-01 refuses an address whose data key is %s as an unknown one, and logs the reason', async (_, loseKey) => {
    const userId = await confirmedUser(deps, ADA);
    await registrationToken(deps, 'waiting@example.org');
    const registrationId = await newestRegistration(deps, 'waiting@example.org');
    for (const subject of [userId, registrationId]) {
      await deps.vault.query(loseKey, [subject]);
      deps.keys.evict(subject);
    }
    const reported = jest.spyOn(deps.log, 'error');
    for (const email of [ADA, 'waiting@example.org'])
      for (const password of [PASSWORD, 'the wrong password'])
        await expect(logIn(email, password)).rejects.toEqual(refusal('credentials-invalid'));
    const reason = 'a password cannot be verified: the data key is missing or damaged';
    expect(reported).toHaveBeenCalledWith(reason, { userId, error: expect.any(Error) });
  });

  it('F-31 returns a position at which readers see what the answer shows', async () => {
    const userId = await confirmedUser(deps, ADA);
    const { append } = deps.eventLog;
    jest.spyOn(deps.eventLog, 'append').mockImplementationOnce(async (...started) => {
      const appended = await append(...started);
      await applyCommand(deps, userId, { type: 'GrantRole', role: 'auditor' });
      return appended;
    });
    const { body, position } = await logIn();
    expect(body.user.roles).toEqual(['user', 'auditor']);
    expect(position).toBe(lastUserPosition());
  });

  it('gives tokens that outlive the delay after which the vault learns of the last event', async () => {
    const userId = await confirmedUser(deps, ADA);
    deps.crashAfter('facts-appended');
    await expect(applyCommand(deps, userId, { type: 'GrantRole', role: 'auditor' })).rejects.toBeInstanceOf(Crashed);
    const { body } = await logIn();
    const refreshed = await refresh(deps, body.refreshToken, requestOrigin());
    await applyCommand(deps, userId, { type: 'GrantRole', role: 'auditor' });
    expect(await accountOfUser(deps, userId)).toMatchObject({ epoch: '1' });
    for (const { accessToken } of [body, refreshed])
      await expect(liveCaller(deps, await principalIn(deps, accessToken))).resolves.toMatchObject({ userId });
  });

  it('starts no session while the log is down', async () => {
    await confirmedUser(deps, ADA);
    jest.spyOn(deps.eventLog, 'append').mockRejectedValueOnce(new LogUnavailable());
    await expect(logIn()).rejects.toBeInstanceOf(LogUnavailable);
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('records sessions in the sign-in stream of the user, without the source address in clear', async () => {
    const userId = await confirmedUser(deps, ADA);
    await logIn();
    const facts = await deps.eventLog.readStream(signinStream(userId));
    expect(facts.map(({ type }) => type)).toEqual(['SessionStarted']);
    expect(JSON.stringify(facts[0]?.metadata)).not.toContain('192.0.2.7');
  });
});
