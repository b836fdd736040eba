import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Refused } from '@ums/kit/refused';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import {
  accountOfUser,
  addressMacOf,
  appendedEvents,
  Crashed,
  confirmCallerAs,
  confirmedUser,
  newestRegistration,
  PASSWORD,
  registrationToken,
  requestOrigin,
  stateOf,
  type TestCommands,
  testCommands,
  tokenFor,
} from '../../test/testCommands.js';
import { eraseUser } from '../profile/eraseUser.js';
import { findAccount, findWaiting } from '../session/loginStream.js';
import { confirm } from './confirm.js';

const ADA = 'ada@example.org';
const ROUNDS = faultRounds({ usual: 1, full: 100 });
const RACES = faultRounds({ usual: 1, full: 1_000 });

let deps: TestCommands;
beforeEach(async () => {
  deps = await testCommands();
});
afterEach(() => deps.close());

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
const confirming = (token: string, password = PASSWORD) => confirm(deps, { token, password }, requestOrigin());

describe('confirm', () => {
  it('registers the user, activates the account, completes the registration and destroys its key', async () => {
    const token = await registrationToken(deps, ADA);
    const { userId, revision, position } = await confirming(token);
    expect(appendedEvents(deps)).toEqual([
      'registration RegistrationRequested.v2',
      'user UserRegistered.v2',
      'registration RegistrationCompleted',
    ]);
    expect(await stateOf(deps, userId)).toMatchObject({
      status: 'active',
      email: ADA,
      name: 'Ada Lovelace',
      roles: ['user'],
    });
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'active', revision: '0', roles: ['user'] });
    const registered = deps.eventLog.events.find(({ type }) => type === 'UserRegistered.v2');
    expect({ revision, position }).toEqual({ revision: 0n, position: registered?.position });
    const id = await newestRegistration(deps, ADA);
    expect((await deps.keys.fresh([id])).get(id)).toEqual({ erased: true });
    expect(await findAccount(deps.vault, addressMacOf(deps, ADA))).toEqual({
      kind: 'found',
      id: userId,
    });
  });

  it('gives a repeat the same answer until the registration expires, and appends nothing', async () => {
    const token = await registrationToken(deps, ADA);
    const first = await confirming(token);
    const before = deps.eventLog.events.length;
    expect((await confirming(token)).userId).toBe(first.userId);
    await expect(confirming(token, 'another password altogether')).rejects.toEqual(refusal('password-invalid'));
    expect(deps.eventLog.events).toHaveLength(before);
    deps.clock.advance(86_400_001);
    await expect(confirming(token)).rejects.toEqual(refusal('token-invalid'));
  });

  it('E-06 refuses a valid token with a password other than the one chosen at registration', async () => {
    const token = await registrationToken(deps, ADA);
    await expect(confirming(token, 'not the password chosen')).rejects.toEqual(refusal('password-invalid'));
    expect(appendedEvents(deps)).toEqual(['registration RegistrationRequested.v2']);
    expect(await findWaiting(deps.vault, addressMacOf(deps, ADA), deps.clock.now())).toMatchObject({ kind: 'found' });
  });

  it('E-04 gives the same refusal to malformed, tampered, unknown, foreign and expired tokens', async () => {
    const token = await registrationToken(deps, ADA);
    const id = await newestRegistration(deps, ADA);
    const invalid = [
      'nonsense',
      // Another first character of the MAC, whatever it was.
      token.replace(/[^.](?=[^.]*$)/, (first) => (first === 'A' ? 'B' : 'A')),
      tokenFor(deps, randomUUID(), ADA),
      tokenFor(deps, id, 'eve@example.org'),
      tokenFor(deps, id, ADA, new Date(deps.clock.now().getTime() - 1_000)),
    ];
    for (const text of invalid) await expect(confirming(text)).rejects.toEqual(refusal('token-invalid'));
    expect(appendedEvents(deps)).toEqual(['registration RegistrationRequested.v2']);
  });

  it('T-10 registers one user for 100 parallel confirmations of one registration', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const email = `user${round}@example.org`;
      const token = await registrationToken(deps, email);
      const results = await Promise.all(Array.from({ length: 100 }, () => confirming(token)));
      expect(new Set(results.map(({ userId }) => userId)).size).toBe(1);
    }
    expect(appendedEvents(deps).filter((event) => event === 'user UserRegistered.v2')).toHaveLength(ROUNDS);
    expect(appendedEvents(deps).filter((event) => event === 'registration RegistrationCompleted')).toHaveLength(ROUNDS);
  });

  it('F-06 lets one of 200 registrations of an address win, and refuses the others with token-invalid', async () => {
    const passwords = Array.from({ length: 200 }, (_, index) => `password of person ${index}`);
    for (let race = 1; race <= RACES; race++) {
      const email = `ada${race}@example.org`;
      // Each race comes from a source of its own: counting the mails of one takes time with their number.
      const ip = `198.18.${race >> 8}.${race & 255}`;
      const before = deps.eventLog.events.length;
      const tokens: { token: string; password: string }[] = [];
      for (const password of passwords)
        tokens.push({ password, token: await registrationToken(deps, email, password, requestOrigin(ip)) });
      const results = await Promise.allSettled(tokens.map(({ token, password }) => confirming(token, password)));
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused).toHaveLength(passwords.length - 1);
      for (const { reason } of refused) expect(reason).toEqual(refusal('token-invalid'));
      const registrations = deps.eventLog.events.slice(before).filter(({ type }) => type === 'UserRegistered.v2');
      expect(registrations).toHaveLength(1);
    }
  });

  it('F-06 keeps an address for the registration that claimed it after a crash', async () => {
    const first = await registrationToken(deps, ADA);
    const second = await registrationToken(deps, ADA, 'another password altogether');
    deps.crashAfter('registration-claimed');
    await expect(confirming(first)).rejects.toBeInstanceOf(Crashed);
    await expect(confirming(second, 'another password altogether')).rejects.toEqual(refusal('token-invalid'));
    await confirming(first);
    expect(appendedEvents(deps).filter((event) => event === 'user UserRegistered.v2')).toHaveLength(1);
  });

  it('Z-06 does not restore an erased user: the confirmation token is refused', async () => {
    const token = await registrationToken(deps, ADA);
    const { userId } = await confirming(token);
    const racing = confirming(token).catch((error: unknown) => error);
    await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
    const outcome = await racing;
    expect([userId, undefined]).toContain((outcome as { userId?: string }).userId);
    await expect(confirming(token)).rejects.toEqual(refusal('token-invalid'));
    expect(await stateOf(deps, userId)).toMatchObject({ status: 'erased' });
  });

  it('E-06 gives an address to the owner of the mailbox although another person registered it first', async () => {
    await registrationToken(deps, ADA, 'the other person knows this');
    const userId = await confirmedUser(deps, ADA, 'only the owner knows this');
    expect(await findAccount(deps.vault, addressMacOf(deps, ADA))).toEqual({
      kind: 'found',
      id: userId,
    });
  });

  it('R-01 counts an attempt before it reads the streams', async () => {
    const token = await registrationToken(deps, ADA);
    const limits = { ...deps.limits, attemptThen: () => Promise.reject(new Refused('too-many-attempts')) };
    const readStream = jest.spyOn(deps.eventLog, 'readStream');
    const refused = confirm({ ...deps, limits }, { token, password: PASSWORD }, requestOrigin());
    await expect(refused).rejects.toEqual(refusal('too-many-attempts'));
    expect(readStream).not.toHaveBeenCalled();
  });
});
