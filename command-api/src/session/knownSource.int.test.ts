import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/kit/test/until.js';
import {
  addressMacOf,
  confirmCallerAs,
  confirmedUser,
  PASSWORD,
  registrationToken,
  requestOrigin,
} from '../../test/testCommands.js';
import { requestChange } from '../../test/testEmailChanges.js';
import { applyCommand, type TestSessions, testSessions } from '../../test/testSessions.js';
import { confirmEmailChange } from '../email-change/confirmEmailChange.js';
import { accountNameOf } from '../limits/buckets.js';
import { createCredentialLimits } from '../limits/credentialLimits.js';
import { sweepKnownSources } from '../limits/knownSourceRow.js';
import { resetPassword } from '../password-reset/resetPassword.js';
import { eraseUser } from '../profile/eraseUser.js';
import { confirm } from '../registration/confirm.js';
import { login } from './login.js';

const ADA = 'ada@example.org';
const HOME = '203.0.113.1';
const DAY_MS = 86_400_000;
const GUESSES = 12;

let deps: TestSessions;
beforeEach(async () => {
  deps = await testSessions();
  const settings = {
    ...{ failuresPerAccountAndSource: 3, failuresPerAccount: 10, failuresPerSource: 300 },
    ...{ mailsPerAddressAndSource: 100, mailsPerAddress: 100, mailsPerSource: 100 },
  };
  deps.limits = createCredentialLimits({ ...deps, settings });
});
afterEach(() => deps.close());

const from = (bucket: string) => ({ ...requestOrigin(), source: { ip: bucket, userAgent: 'curl/8', bucket } });
const logIn = (source: string, email = ADA, password = PASSWORD) => login(deps, { email, password }, from(source));
const slugOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'logged in',
    ({ slug }: { slug: string }) => slug,
  );
/** A user without a known source: that of the confirmation is forgotten. */
const newUser = async (email: string): Promise<string> => {
  const userId = await confirmedUser(deps, email);
  await deps.vault.query('delete from known_source where user_id = $1', [userId]);
  return userId;
};
/** Wrong guesses from as many sources. */
const guess = async () => {
  for (let at = 0; at < GUESSES; at += 1) await slugOf(logIn(`198.51.100.${at}`, ADA, 'wrong horse battery'));
};
const rows = async () =>
  (await deps.vault.query<{ source: Buffer; user_id: string }>('select * from known_source order by at')).rows;

describe('known sources', () => {
  it('R-02 wrong guesses from other sources do not lock the user out of a source they logged in from', async () => {
    await newUser(ADA);
    await logIn(HOME);
    await guess();
    expect(await slugOf(logIn('192.0.2.77'))).toBe('too-many-attempts');
    expect(await slugOf(logIn(HOME))).toBe('logged in');
    for (let at = 0; at < 3; at += 1) expect(await slugOf(logIn(HOME, ADA, 'wrong'))).toBe('credentials-invalid');
    expect(await slugOf(logIn(HOME))).toBe('too-many-attempts');
  });

  it('R-02 wrong guesses from other sources do not keep a user out who has reset the password', async () => {
    const userId = await newUser(ADA);
    await guess();
    expect(await slugOf(logIn(HOME))).toBe('too-many-attempts');
    const token = deps.mailTokens.issue({
      ...{ purpose: 'reset', ids: [userId], addressMac: addressMacOf(deps, ADA), epoch: 0n },
      expires: new Date(deps.clock.now().getTime() + 3_600_000),
    });
    const newPassword = 'nine quiet boats at noon';
    await resetPassword(deps, { token, newPassword }, from(HOME));
    await guess();
    expect(await slugOf(logIn('192.0.2.77', ADA, newPassword))).toBe('too-many-attempts');
    expect(await slugOf(logIn(HOME, ADA, newPassword))).toBe('logged in');
  });

  it('R-02 wrong guesses from other sources do not keep a user out who has confirmed a new address', async () => {
    const userId = await newUser('before@example.org');
    const { confirmToken: token } = await requestChange(deps, userId, ADA);
    await confirmEmailChange(deps, { token, password: PASSWORD }, from(HOME));
    await guess();
    expect(await slugOf(logIn('192.0.2.77'))).toBe('too-many-attempts');
    expect(await slugOf(logIn(HOME))).toBe('logged in');
  });

  it('R-02 a source that a user logged in from stays known when the address is changed elsewhere', async () => {
    const userId = await newUser('before@example.org');
    await logIn(HOME, 'before@example.org');
    const { confirmToken: token } = await requestChange(deps, userId, ADA);
    await confirmEmailChange(deps, { token, password: PASSWORD }, from('192.0.2.33'));
    await guess();
    expect(await slugOf(logIn('192.0.2.77'))).toBe('too-many-attempts');
    expect(await slugOf(logIn(HOME))).toBe('logged in');
  });

  it('R-02 wrong guesses from other sources do not keep a user out who has confirmed the registration', async () => {
    const token = await registrationToken(deps, ADA);
    await confirm(deps, { token, password: PASSWORD }, from(HOME));
    await guess();
    expect(await slugOf(logIn('192.0.2.77'))).toBe('too-many-attempts');
    expect(await slugOf(logIn(HOME))).toBe('logged in');
  });

  it('R-02 wrong guesses from other sources do not keep someone from a confirmation who has the mail', async () => {
    const token = await registrationToken(deps, ADA);
    await guess();
    expect(await slugOf(logIn(HOME))).toBe('too-many-attempts');
    await confirm(deps, { token, password: PASSWORD }, from(HOME));
    const change = await requestChange(deps, await newUser('before@example.org'), 'after@example.org');
    for (let at = 0; at < GUESSES; at += 1)
      await slugOf(logIn(`198.51.100.${at}`, 'before@example.org', 'wrong horse battery'));
    await confirmEmailChange(deps, { token: change.confirmToken, password: PASSWORD }, from(HOME));
    expect(await slugOf(logIn(HOME, 'after@example.org'))).toBe('logged in');
  });

  it('R-02 wrong guesses from other sources do not keep a user from anything who has a session', async () => {
    const userId = await newUser(ADA);
    await guess();
    await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, from(HOME));
  });

  it('R-02 guesses of who has the mail or a session are limited over all sources', async () => {
    const token = await registrationToken(deps, ADA);
    const userId = await newUser('king@example.org');
    const confirming = (source: string, password: string) => confirm(deps, { token, password }, from(source));
    const erasing = (source: string, password: string) =>
      eraseUser(deps, { userId, password, confirmCaller: confirmCallerAs(userId) }, from(source));
    for (const attempt of [confirming, erasing]) {
      for (let at = 0; at < 10; at += 1)
        expect(await slugOf(attempt(`198.51.100.${at}`, 'wrong horse battery'))).toBe('password-invalid');
      expect(await slugOf(attempt(HOME, PASSWORD))).toBe('too-many-attempts');
    }
  });

  it('R-02 guesses of who has stolen a session do not keep the user from anything at a source they logged in from', async () => {
    const userId = await newUser(ADA);
    await logIn(HOME);
    const erasing = (source: string, password: string) =>
      eraseUser(deps, { userId, password, confirmCaller: confirmCallerAs(userId) }, from(source));
    for (let at = 0; at < GUESSES; at += 1) await slugOf(erasing(`198.51.100.${at}`, 'wrong horse battery'));
    expect(await slugOf(erasing('192.0.2.77', PASSWORD))).toBe('too-many-attempts');
    await erasing(HOME, PASSWORD);
  });

  it('R-01 a first confirmation forgets the failures to log in from its source', async () => {
    const token = await registrationToken(deps, ADA);
    for (let at = 0; at < 3; at += 1) await slugOf(logIn(HOME, ADA, 'wrong horse battery'));
    expect(await slugOf(logIn(HOME))).toBe('too-many-attempts');
    await confirm(deps, { token, password: PASSWORD }, from(HOME));
    expect(await slugOf(logIn(HOME))).toBe('logged in');
  });

  it('R-02 no source of a suspended user becomes known without a log-in', async () => {
    const userId = await newUser(ADA);
    await applyCommand(deps, userId, { type: 'SuspendUser' });
    await deps.limits.trustSource({ account: accountNameOf(addressMacOf(deps, ADA)), source: HOME }, userId);
    expect(await rows()).toEqual([]);
  });

  it('R-01 keeps the failures counted for an account when the password of a registration is used', async () => {
    await newUser(ADA);
    await registrationToken(deps, ADA, 'a password of their own');
    const slugs: string[] = [];
    for (const password of ['wrong', 'wrong', 'a password of their own', 'wrong', PASSWORD])
      slugs.push(await slugOf(logIn(HOME, ADA, password)));
    const wrong = 'credentials-invalid';
    expect(slugs).toEqual([wrong, wrong, 'email-not-confirmed', wrong, 'too-many-attempts']);
  });

  it('R-02 a source is known for 90 days after the last log-in from it', async () => {
    await newUser(ADA);
    await logIn(HOME);
    deps.clock.advance(89 * DAY_MS);
    await guess();
    await logIn(HOME);
    deps.clock.advance(90 * DAY_MS);
    await guess();
    expect(await slugOf(logIn(HOME))).toBe('too-many-attempts');
    expect(await rows()).toHaveLength(1);
    await sweepKnownSources(deps.vault, deps.clock.now());
    expect(await rows()).toEqual([]);
  });

  it('R-02 the sweep keeps sources that are still known', async () => {
    await newUser(ADA);
    await logIn(HOME);
    deps.clock.advance(89 * DAY_MS);
    await sweepKnownSources(deps.vault, deps.clock.now());
    expect(await rows()).toHaveLength(1);
  });

  it('R-02 keeps the ten sources used last for each account', async () => {
    await newUser(ADA);
    await newUser('eve@example.org');
    await logIn(HOME, 'eve@example.org');
    for (let at = 0; at < 10; at += 1) {
      deps.clock.advance(1_000);
      await logIn(`192.0.2.${at}`);
    }
    deps.clock.advance(1_000);
    await logIn('192.0.2.0');
    const before = await rows();
    deps.clock.advance(1_000);
    await logIn(HOME);
    const after = await rows();
    // Eve's row, and ten of Ada's: the second source is dropped, since the first was used again.
    expect([before.length, after.length]).toEqual([11, 11]);
    const gone = before.filter(({ source }) => !after.some((row) => row.source.equals(source)));
    expect(gone).toEqual([before[1]]);
  });

  it('R-02 drops no source while it waits for a log-in that may need it', async () => {
    const userId = await newUser(ADA);
    await logIn(HOME);
    await deps.vault.query(
      `insert into known_source (account, source, user_id, at)
       select uuid_send($1), int4send(n), $1, $2::timestamptz - n * interval '1 day' from generate_series(1, 12) as n`,
      [userId, deps.clock.now()],
    );
    const other = await deps.vault.connect();
    await other.query('begin');
    await other.query('update known_source set at = at where at = (select max(at) from known_source)');
    const trusted = deps.limits.trustSource({ account: accountNameOf(addressMacOf(deps, ADA)), source: HOME }, userId);
    const waiting = `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await until(async () => (await deps.vault.query(waiting)).rowCount === 1);
    await other.query('update known_source set at = at');
    await other.query('commit');
    other.release();
    await trusted;
    expect(await rows()).toHaveLength(10);
  });

  it('R-02 remembers a source only when a session started', async () => {
    const userId = await newUser(ADA);
    await registrationToken(deps, 'waiting@example.org');
    expect(await slugOf(logIn(HOME, ADA, 'wrong horse battery'))).toBe('credentials-invalid');
    expect(await slugOf(logIn(HOME, 'waiting@example.org'))).toBe('email-not-confirmed');
    await applyCommand(deps, userId, { type: 'SuspendUser' });
    expect(await slugOf(logIn(HOME))).toBe('account-suspended');
    expect(await rows()).toEqual([]);
  });

  it('G-01 stores a different hash for each account, and deletes it with the person', async () => {
    const userId = await newUser(ADA);
    const eve = await newUser('eve@example.org');
    await logIn(HOME);
    await logIn(HOME, 'eve@example.org');
    const [first, second] = await rows();
    expect(first?.source.equals(second?.source ?? Buffer.alloc(0))).toBe(false);
    expect(first?.source.includes(HOME)).toBe(false);
    await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, from(HOME));
    expect((await rows()).map(({ user_id }) => user_id)).toEqual([eve]);
  });
});
