import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { Refused } from '@ums/kit/refused';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import {
  accountOfUser,
  aUser,
  caller,
  confirmedAs,
  PASSWORD,
  registered,
  stateOf,
  written,
} from '../../test/testCommands.js';
import { command, principalIn, sessionRows, type TestSessions, testSessions } from '../../test/testSessions.js';
import { settle } from '../account/settle.js';
import { eraseUser } from '../erasure/eraseUser.js';
import { loadUser } from '../user/loadUser.js';
import { type LoggedIn, login } from './login.js';
import { hashOf } from './loginTarget.js';

const ADA = 'ada@example.org';
const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });

let deps: TestSessions;
beforeEach(async () => {
  deps = await testSessions();
});
afterEach(() => deps.close());

const logIn = (email = ADA, password = PASSWORD): Promise<LoggedIn> => login(deps, { email, password }, caller());

describe('login', () => {
  it('records that a session began, and answers tokens, profile and position', async () => {
    const userId = await aUser(deps, ADA);
    const { body, position } = await logIn();
    expect(body).toMatchObject({
      ...{ tokenType: 'Bearer', expiresIn: 600 },
      user: { id: userId, email: ADA, name: 'Ada Lovelace', status: 'active', roles: ['user'], revision: 0 },
    });
    expect(position).toBe(deps.eventLog.events.at(-1)?.position);
    expect(written(deps).at(-1)).toBe('signin SessionStarted');
    const [session] = await sessionRows(deps);
    expect(await principalIn(deps, body.accessToken)).toEqual({
      ...{ userId, sessionId: session.id, roles: ['user'], epoch: 0n },
    });
    expect(deps.refreshTokens.verify(body.refreshToken)).toEqual({ sessionId: session.id, generation: 0 });
  });

  it('E-01 has one answer for an unknown address, a wrong password, a waiting and a suspended account', async () => {
    const suspended = await aUser(deps, 'eve@example.org');
    await command(deps, suspended, { type: 'SuspendUser' });
    await aUser(deps, ADA);
    await registered(deps, 'waiting@example.org');
    for (const email of [ADA, 'eve@example.org', 'waiting@example.org', 'nobody@example.org'])
      await expect(logIn(email, 'the wrong password')).rejects.toEqual(refusal('credentials-invalid'));
    await expect(logIn('nobody@example.org')).rejects.toEqual(refusal('credentials-invalid'));
    await expect(logIn('waiting@example.org')).rejects.toEqual(refusal('email-not-confirmed'));
    await expect(logIn('eve@example.org')).rejects.toEqual(refusal('account-suspended'));
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('E-02 asks the vault once, reads one stream and verifies once, whatever the address', async () => {
    const userId = await aUser(deps, ADA);
    await registered(deps, 'waiting@example.org');
    const query = jest.spyOn(deps.vault, 'query');
    const read = jest.spyOn(deps.eventLog, 'readStream');
    const verify = jest.spyOn(deps.passwords, 'verify');
    const costs: unknown[] = [];
    const strangers = Array.from({ length: 8 }, (_, stranger) => `nobody${stranger}@example.org`);
    for (const email of [ADA, 'waiting@example.org', ...strangers]) {
      deps.keys.forget(userId);
      await expect(logIn(email, 'the wrong password')).rejects.toEqual(refusal('credentials-invalid'));
      costs.push([query, read, verify].map((spy) => spy.mock.calls.length));
      for (const spy of [query, read, verify]) spy.mockClear();
    }
    jest.restoreAllMocks();
    expect(costs[0]).toEqual([2, 1, 1]);
    expect(costs).toEqual(costs.map(() => costs[0]));
  });

  it('E-01 says nothing to the right password of somebody erased', async () => {
    const userId = await aUser(deps, ADA);
    const hash = hashOf(await loadUser(deps, userId)) ?? '';
    await command(deps, userId, { type: 'StartErasure', verifiedHash: hash });
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
  });

  it('E-01 knows nobody who was erased since his stream was read', async () => {
    const userId = await aUser(deps, ADA);
    jest.spyOn(deps.passwords, 'verify').mockImplementationOnce(async () => {
      await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmedAs(userId) }, caller());
      return true;
    });
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
    expect(written(deps)).not.toContain('signin SessionStarted');
  });

  it('E-01 answers a stranger alike though the stream he is led to cannot be read', async () => {
    const decoy = await aUser(deps, ADA);
    await deps.vault.query('delete from data_key where subject = $1', [decoy]);
    deps.keys.forget(decoy);
    await expect(loadUser(deps, decoy)).rejects.toMatchObject({ name: 'MissingKey' });
    for (let stranger = 0; stranger < 10; stranger += 1)
      await expect(logIn(`nobody${stranger}@example.org`)).rejects.toEqual(refusal('credentials-invalid'));
    deps.eventLog.refuse();
    await expect(logIn('nobody@example.org')).rejects.toBeInstanceOf(LogUnavailable);
  });

  it('F-31 gives a position from which on a reader sees what the answer shows', async () => {
    const userId = await aUser(deps, ADA);
    const { append } = deps.eventLog;
    jest.spyOn(deps.eventLog, 'append').mockImplementationOnce(async (...started) => {
      const appended = await append(...started);
      await command(deps, userId, { type: 'GrantRole', role: 'auditor' });
      return appended;
    });
    const { body, position } = await logIn();
    expect(body.user.roles).toEqual(['user', 'auditor']);
    expect(position).toBe(deps.eventLog.events.at(-1)?.position);
  });

  it('begins no session when the log is down', async () => {
    await aUser(deps, ADA);
    jest.spyOn(deps.eventLog, 'append').mockRejectedValueOnce(new LogUnavailable());
    await expect(logIn()).rejects.toBeInstanceOf(LogUnavailable);
    expect(await sessionRows(deps)).toEqual([]);
  });
});

describe('login against a cut', () => {
  const meanwhile = (work: () => Promise<unknown>) => deps.eventLog.beforeAppend(work);

  it('T-08 refuses when the password was changed after the stream was read', async () => {
    const userId = await aUser(deps, ADA);
    const hash = hashOf(await loadUser(deps, userId)) ?? '';
    meanwhile(async () => {
      const passwordHash = await deps.passwords.hash('another horse battery staple');
      await command(deps, userId, { type: 'ChangePassword', verifiedHash: hash, passwordHash });
    });
    await expect(logIn()).rejects.toEqual(refusal('credentials-invalid'));
    expect(await sessionRows(deps)).toEqual([]);
    expect((await logIn(ADA, 'another horse battery staple')).body.user.id).toBe(userId);
  });

  it('T-08 refuses when the account was suspended after the stream was read', async () => {
    const userId = await aUser(deps, ADA);
    meanwhile(() => command(deps, userId, { type: 'SuspendUser' }));
    await expect(logIn()).rejects.toEqual(refusal('account-suspended'));
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('T-08 ends a session that began between the append of a suspension and its settling', async () => {
    const userId = await aUser(deps, ADA);
    meanwhile(async () => {
      deps.crashAfter('facts-appended');
      await expect(command(deps, userId, { type: 'SuspendUser' })).rejects.toThrow();
    });
    await logIn();
    expect(await sessionRows(deps)).toHaveLength(1);
    const { state, revision } = await loadUser(deps, userId);
    if (state.status !== 'suspended' || revision === undefined) throw new Error('the stream has no suspension');
    await settle(deps, userId, revision, state);
    expect(await sessionRows(deps)).toEqual([]);
  });

  it('T-08 goes on under the new epoch when only roles were changed meanwhile', async () => {
    const userId = await aUser(deps, ADA);
    meanwhile(() => command(deps, userId, { type: 'GrantRole', role: 'auditor' }));
    const { body } = await logIn();
    expect(await principalIn(deps, body.accessToken)).toMatchObject({ roles: ['user', 'auditor'], epoch: 1n });
    expect(await sessionRows(deps)).toMatchObject([{ epoch: '1' }]);
  });

  it('brings a vault up to date that missed a reinstatement, instead of refusing', async () => {
    const userId = await aUser(deps, ADA);
    await command(deps, userId, { type: 'SuspendUser' });
    deps.crashAfter('facts-appended');
    await expect(command(deps, userId, { type: 'ReinstateUser' })).rejects.toThrow();
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'suspended' });
    expect((await logIn()).body.user).toMatchObject({ status: 'active', revision: 2 });
  });

  it('T-08 gives no session to whoever is cut again and again, and says so', async () => {
    const userId = await aUser(deps, ADA);
    const { rows } = await deps.vault.query(
      `update account set epoch = 99, revision = 99 where user_id = $1 returning user_id`,
      [userId],
    );
    expect(rows).toHaveLength(1);
    await expect(logIn()).rejects.toEqual(refusal('busy'));
  });

  it('T-08 never leaves a session behind that a cut should have ended, whichever comes first', async () => {
    const userId = await aUser(deps, ADA);
    for (let round = 0; round < faultRounds({ usual: 10, full: 1_000 }); round += 1) {
      const suspension = command(deps, userId, { type: 'SuspendUser' });
      await Promise.allSettled([...Array.from({ length: 4 }, () => logIn()), suspension]);
      expect(await sessionRows(deps)).toEqual([]);
      await command(deps, userId, { type: 'ReinstateUser' });
    }
  });
});

describe('login and outdated hashes', () => {
  const outdate = () => {
    const old = deps.passwords;
    deps.passwords = { ...old, outdated: (stored) => !stored.startsWith('hashed:new'), hash: hashNew };
  };
  const hashNew = async (text: string) => `hashed:new:${Buffer.from(text).toString('hex')}`;

  it('A-05 hashes anew after one login, ends nothing and leaves old events as they were', async () => {
    const userId = await aUser(deps, ADA);
    const first = await logIn();
    const before = JSON.stringify(deps.eventLog.events.slice(0, 4), (_, value) => String(value) && value?.toString());
    outdate();
    const { body, position } = await logIn();
    expect(body.user.revision).toBe(1);
    expect(position).toBe(deps.eventLog.events.at(-1)?.position);
    expect(written(deps).slice(-2)).toEqual(['signin SessionStarted', 'user PasswordHashUpgraded']);
    expect(await stateOf(deps, userId)).toMatchObject({ passwordHash: await hashNew(PASSWORD), epoch: 0n });
    expect(JSON.stringify(deps.eventLog.events.slice(0, 4), (_, value) => String(value) && value?.toString())).toBe(
      before,
    );
    expect(await sessionRows(deps)).toHaveLength(2);
    expect((await principalIn(deps, first.body.accessToken)).userId).toBe(userId);
    await logIn();
    expect(written(deps).filter((event) => event === 'user PasswordHashUpgraded')).toHaveLength(1);
  });

  it('A-05 drops the new hash when the stream moved on, and logs in all the same', async () => {
    const userId = await aUser(deps, ADA);
    outdate();
    const hash = deps.passwords.hash;
    deps.passwords.hash = async (text) => {
      await command(deps, userId, { type: 'RenameUser', name: 'Ada King' });
      return hash(text);
    };
    expect((await logIn()).body.user.revision).toBe(0);
    expect(written(deps)).not.toContain('user PasswordHashUpgraded');
  });

  it.each([
    ['the hash queue is full', () => new Refused('busy')],
    ['the log is down', () => new LogUnavailable()],
  ])('A-05 logs in without a new hash when %s', async (_case, failure) => {
    await aUser(deps, ADA);
    outdate();
    deps.passwords.hash = async () => {
      throw failure();
    };
    expect((await logIn()).body.user.revision).toBe(0);
  });
});

it('records sessions in the stream of their user alone', async () => {
  const userId = await aUser(deps, ADA);
  await logIn();
  const facts = await deps.eventLog.readStream(signinStream(userId));
  expect(facts.map(({ type }) => type)).toEqual(['SessionStarted']);
  expect(JSON.stringify(facts[0]?.metadata)).not.toContain('192.0.2.7');
});
