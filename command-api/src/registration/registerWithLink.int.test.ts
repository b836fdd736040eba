import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused } from '@ums/kit/refused';
import {
  accountOfUser,
  addressMacOf,
  appendedEvents,
  Crashed,
  newestRegistration,
  PASSWORD,
  registrationToken,
  requestOrigin,
  stateOf,
  type TestCommands,
  testCommands,
  tokenFor,
} from '../../test/testCommands.js';
import { sweep } from '../reconciler/sweep.js';
import { findAccount } from '../session/loginStream.js';
import { confirm } from './confirm.js';
import { registerWithLink } from './registerWithLink.js';

const ADA = 'ada@example.org';
const STRANGERS = 'the stranger knows this one';
const CHOSEN = 'only the owner knows this';

let deps: TestCommands;
beforeEach(async () => {
  deps = await testCommands();
});
afterEach(() => deps.close());

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
const strangersToken = () => registrationToken(deps, ADA, STRANGERS);
const following = (token: string, { newPassword = CHOSEN, name = 'Ada King' } = {}, using = deps) =>
  registerWithLink(using, { token, newPassword, name }, requestOrigin(), 'de');
const confirming = (token: string, password: string) => confirm(deps, { token, password }, requestOrigin());
/** Registrations that wait for a confirmation. */
const waiting = async () => (await deps.vault.query('select from registration where completed_at is null')).rowCount;
const registeredUsers = () => appendedEvents(deps).filter((event) => event === 'user UserRegistered.v2').length;

describe('the link of a registration, with a name and a new password', () => {
  it('E-06 registers with these, and nothing of the registration counts that it was mailed for', async () => {
    const token = await strangersToken();
    const { userId, revision, position } = await following(token);
    expect(appendedEvents(deps)).toEqual([
      'registration RegistrationRequested.v2',
      'registration RegistrationRequested.v2',
      'user UserRegistered.v2',
      'registration RegistrationCompleted',
    ]);
    const user = { status: 'active', email: ADA, name: 'Ada King', locale: 'de' };
    expect(await stateOf(deps, userId)).toMatchObject(user);
    const registered = deps.eventLog.events.find(({ type }) => type === 'UserRegistered.v2');
    expect({ revision, position }).toEqual({ revision: 0n, position: registered?.position });
    expect(await findAccount(deps.vault, addressMacOf(deps, ADA))).toEqual({ kind: 'found', id: userId });
    await expect(confirming(token, STRANGERS)).rejects.toEqual(refusal('token-invalid'));
    expect((await confirming(token, CHOSEN)).userId).toBe(userId);
  });

  it('R-06 mails nothing, and counts no mail', async () => {
    const token = await strangersToken();
    const mails = async () =>
      (await deps.vault.query(`select 1 from attempt where state in ('mail', 'silent')`)).rowCount;
    const before = await mails();
    await following(token);
    const { rows } = await deps.vault.query(
      'select mail, completed_at is not null as done from registration order by mail',
    );
    expect(rows).toEqual([
      { mail: false, done: true },
      { mail: true, done: false },
    ]);
    expect(await mails()).toBe(before);
  });

  it('gives a repeat the same answer until the link expires, and appends nothing', async () => {
    const token = await strangersToken();
    const first = await following(token);
    const before = deps.eventLog.events.length;
    expect(await following(token, { name: 'Another' })).toEqual(first);
    await expect(following(token, { newPassword: STRANGERS })).rejects.toEqual(refusal('token-invalid'));
    expect(deps.eventLog.events).toHaveLength(before);
    deps.clock.advance(86_400_001);
    await expect(following(token)).rejects.toEqual(refusal('token-invalid'));
  });

  it('changes no account: only its password gets the same answer, and guesses are counted', async () => {
    const token = await registrationToken(deps, ADA);
    const { userId } = await confirming(token, PASSWORD);
    const other = await strangersToken();
    const before = deps.eventLog.events.length;
    for (const link of [token, other]) {
      expect((await following(link, { newPassword: PASSWORD })).userId).toBe(userId);
      await expect(following(link)).rejects.toEqual(refusal('token-invalid'));
    }
    expect(deps.eventLog.events).toHaveLength(before);
    const limits = { ...deps.limits, attemptThen: () => Promise.reject(new Refused('too-many-attempts')) };
    await expect(following(other, {}, { ...deps, limits })).rejects.toEqual(refusal('too-many-attempts'));
  });

  it('R-02 trusts the source that registered, as a confirmation with the password does', async () => {
    const trusted: string[] = [];
    const limits: TestCommands['limits'] = {
      ...deps.limits,
      trustSource: async ({ account, source }, userId) => void trusted.push(account, source, userId),
    };
    const { userId } = await following(await strangersToken(), {}, { ...deps, limits });
    expect(trusted).toEqual([addressMacOf(deps, ADA).toString('base64url'), '192.0.2.7', userId]);
  });

  it('E-04 gives the same refusal to malformed, foreign and expired tokens, and to one whose registration has ended', async () => {
    const token = await strangersToken();
    const id = await newestRegistration(deps, ADA);
    const invalid = ['nonsense', tokenFor(deps, id, 'eve@example.org'), tokenFor(deps, id, ADA, new Date(0))];
    for (const text of invalid) await expect(following(text)).rejects.toEqual(refusal('token-invalid'));
    await deps.vault.query(
      'update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = $1',
      [id],
    );
    await expect(following(token)).rejects.toEqual(refusal('token-invalid'));
    expect(registeredUsers()).toBe(0);
  });

  it('E-05 does not take an address that another user may have back', async () => {
    const token = await strangersToken();
    const { userId } = await confirming(await registrationToken(deps, ADA), PASSWORD);
    const held = `update address set state = 'held', held_until = now() + interval '1 day' where user_id = $1`;
    await deps.vault.query(held, [userId]);
    const before = deps.eventLog.events.length;
    for (const newPassword of [CHOSEN, STRANGERS])
      await expect(following(token, { newPassword })).rejects.toEqual(refusal('token-invalid'));
    expect(deps.eventLog.events).toHaveLength(before);
    expect(await waiting()).toBe(1);
  });

  it('A-02 I-02 names all faulty fields, and stores nothing', async () => {
    const token = await strangersToken();
    const refused = following(token, { newPassword: 'too short', name: '\u200b' });
    await expect(refused).rejects.toMatchObject({
      ...{ slug: 'validation-failed', details: { errors: [{ field: 'name' }, { field: 'newPassword' }] } },
    });
    expect((await deps.vault.query('select from registration')).rowCount).toBe(1);
  });
});

describe('several requests with the link of a registration', () => {
  it('F-06 T-10 register one user when they run in parallel', async () => {
    const tokens = [await strangersToken(), await strangersToken()];
    const requests = Array.from({ length: 20 }, (_, index) => following(tokens[index % 2] as string));
    expect(new Set((await Promise.all(requests)).map(({ userId }) => userId)).size).toBe(1);
    expect([registeredUsers(), await waiting()]).toEqual([1, tokens.length]);
  });

  it.each([
    ['gets its answer with its password', CHOSEN],
    ['is refused with another one', STRANGERS],
  ])('F-06 %s when the address got an account while the password was hashed', async (_, winning) => {
    const token = await strangersToken();
    let winner: string | undefined;
    const hash: TestCommands['passwords']['hash'] = async (password, turn) => {
      winner = (await following(token, { newPassword: winning })).userId;
      return deps.passwords.hash(password, turn);
    };
    const outcome = following(token, {}, { ...deps, passwords: { ...deps.passwords, hash } });
    if (winning === CHOSEN) expect((await outcome).userId).toBe(winner);
    else await expect(outcome).rejects.toEqual(refusal('token-invalid'));
    expect([registeredUsers(), await waiting()]).toEqual([1, 1]);
  });

  it.each(['registration-stored', 'registration-claimed', 'user-registered', 'registration-completed'] as const)(
    'F-06 have one effect when the first crashes at %s and the sweep runs beside the repeat',
    async (step) => {
      const token = await strangersToken();
      deps.crashAfter(step);
      await expect(following(token)).rejects.toBeInstanceOf(Crashed);
      const [{ userId }] = await Promise.all([following(token), sweep(deps, { claimAgeMs: 0 })]);
      expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'active', revision: '0' });
      expect(await stateOf(deps, userId)).toMatchObject({ status: 'active', name: 'Ada King' });
      expect(registeredUsers()).toBe(1);
      await expect(confirming(token, STRANGERS)).rejects.toEqual(refusal('token-invalid'));
    },
  );

  it('F-02 leave nothing behind when the log does not take the registration', async () => {
    const token = await strangersToken();
    deps.eventLog.beforeAppend(async () => deps.eventLog.dropReplies());
    await expect(following(token)).rejects.toMatchObject({ name: 'LogUnavailable' });
    expect((await following(token)).userId).toEqual(expect.any(String));
    expect(registeredUsers()).toBe(1);
  });
});
