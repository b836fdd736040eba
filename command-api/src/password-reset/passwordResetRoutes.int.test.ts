import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addressMac } from '@ums/identity/addressMac';
import { mailTokens } from '@ums/identity/mail-token/mailToken';
import { stoppedClock } from '../../../infra/kit/test/testClock.js';
import { PASSWORD, signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

const NEW = 'nine quiet boats at noon';
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** The delay after failed attempts, a second, does not end before the next one. */
const clock = stoppedClock();
let api: TestApi;
let count = 0;
let email: string;
let userId: string;
beforeAll(async () => {
  api = await testApi({ APP_NAME: 'Example Club', LIMIT_FAILURES_PER_ACCOUNT_AND_SOURCE: '3' }, { clock });
});
beforeEach(async () => {
  count += 1;
  email = `ada${count}@example.org`;
  userId = (await signInNewUser(api, email)).user.id;
});
afterAll(() => api.close());

const inAnHour = () => new Date(clock.now().getTime() + 3_600_000);
/** The token that would be mailed now. */
const mailed = async (): Promise<string> => {
  const { rows } = await api.vault.query(
    'select greatest(epoch, address_from) as epoch from account where user_id = $1',
    [userId],
  );
  const mac = addressMac(createSecretKey(api.config.ADDRESS_KEY), email);
  const expires = inAnHour();
  const token = { purpose: 'reset' as const, ids: [userId], addressMac: mac, expires, epoch: BigInt(rows[0].epoch) };
  return mailTokens(api.config.MAIL_TOKEN_KEY).issue(token);
};
const post = (body: object) => api.ask('POST', '/auth/confirm', { body });
const postForm = (fields: Record<string, string>, headers = {}) =>
  api.ask('POST', '/auth/confirm', { body: new URLSearchParams(fields).toString(), headers });
const logIn = async (password: string) => (await api.ask('POST', '/auth/login', { body: { email, password } })).status;
const slugOf = ({ json }: { json: { type: string } }) => json.type.split('/').at(-1);

describe('POST /auth/password-reset', () => {
  it('E-01 E-08 stores one request for the canonical address, and answers 202 with no token', async () => {
    const answer = await api.ask('POST', '/auth/password-reset', { body: { email: ` ${email.toUpperCase()} ` } });
    expect([answer.status, answer.json]).toEqual([202, { status: 'reset-sent' }]);
    const mac = addressMac(createSecretKey(api.config.ADDRESS_KEY), email);
    const { rows } = await api.vault.query('select purpose, expires_at from mail_request where address_mac = $1', [
      mac,
    ]);
    expect(rows).toEqual([{ purpose: 'reset-password', expires_at: inAnHour() }]);
    expect(await logIn(PASSWORD)).toBe(200);
  });

  it('I-02 refuses what is no address', async () => {
    const answer = await api.ask('POST', '/auth/password-reset', { body: { email: 'no address' } });
    expect([answer.status, answer.json.errors]).toEqual([
      400,
      [{ field: 'email', message: 'is not a mail address this service can use' }],
    ]);
  });

  it('R-06 counts apart from the other mails of the address, whose limit strangers can use up', async () => {
    const send = (path: string) => api.ask('POST', path, { body: { email } });
    const statuses = async (path: string) => {
      const found = [];
      for (let time = 0; time < 4; time += 1) found.push((await send(path)).status);
      return found;
    };
    expect(await statuses('/auth/send')).toEqual([202, 202, 202, 429]);
    expect(await statuses('/auth/password-reset')).toEqual([202, 202, 202, 429]);
  });
});

describe('the link of a reset', () => {
  it('E-04 opens a page that is the same for every token, and changes nothing', async () => {
    const good = await mailed();
    const forged = `${good.slice(0, -4)}AAAA`;
    const pages = await Promise.all([good, forged].map((one) => api.ask('GET', `/auth/confirm?token=${one}`)));
    const texts = pages.map(({ text }, index) => text.replaceAll([good, forged][index] ?? '', ''));
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).toContain('<h1>Choose a new password</h1>');
    // A focus on the field would hide the rule from those who magnify the page.
    expect(texts[0]).toMatch(/<input id="newPassword"[^>]* aria-describedby="advice" required>/);
    expect(texts[0]?.match(/type="password" autocomplete="new-password"/g)).toHaveLength(2);
    expect(texts[0]).not.toContain('current-password');
    expect(await logIn(PASSWORD)).toBe(200);
  });

  it('E-09 sets the password with JSON, ends the sessions and gives no tokens', async () => {
    const { accessToken } = (await api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } })).json;
    const answer = await post({ token: await mailed(), newPassword: NEW });
    expect([answer.status, answer.json]).toEqual([200, { status: 'password-reset' }]);
    expect(answer.headers.get('x-consistency-token')).not.toBeNull();
    expect((await api.ask('PUT', '/user', { token: accessToken, body: { name: 'Eve' } })).status).toBe(401);
    expect([await logIn(PASSWORD), await logIn(NEW)]).toEqual([401, 200]);
  });

  it('I-02 needs the new password, and takes no name', async () => {
    const token = await mailed();
    const missing = await post({ token, password: NEW });
    expect([missing.status, missing.json.errors]).toEqual([400, [{ field: 'newPassword', message: 'is required' }]]);
    const named = await post({ token, newPassword: NEW, name: 'Eve' });
    const error = { field: 'name', message: 'is only for the link of a registration' };
    expect([named.status, named.json.errors]).toEqual([400, [error]]);
    expect(await logIn(PASSWORD)).toBe(200);
  });

  it.each([
    ['a reset', { newPassword: NEW }],
    ['an undone change', {}],
    ['a registration', { password: PASSWORD }],
  ])('I-02 blames the token that was cut off, whatever else the request for %s has', async (_, fields) => {
    const answer = await post({ token: (await mailed()).slice(0, -9), ...fields });
    expect([answer.status, answer.json.type]).toEqual([400, expect.stringMatching(/token-invalid$/)]);
  });

  it('A-02 names the reason for which a password is refused, and knows the address and the name of the service', async () => {
    const token = await mailed();
    for (const [newPassword, message] of [
      ['too short', 'must have at least 15 characters'],
      ['passwordpassword', 'must not be a common password, even with digits or symbols around it'],
      [email, 'must not consist of your name, your email address or the name of this service'],
      ['example club 123', 'must not consist of your name, your email address or the name of this service'],
    ])
      expect((await post({ token, newPassword })).json.errors).toEqual([{ field: 'newPassword', message }]);
    expect((await post({ token, newPassword: NEW })).status).toBe(200);
  });

  it('R-02 ends the delay of the log-ins that failed before', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) expect(await logIn('not the right password')).toBe(401);
    expect(await logIn(PASSWORD)).toBe(429);
    expect((await post({ token: await mailed(), newPassword: NEW })).status).toBe(200);
    expect(await logIn(NEW)).toBe(200);
  });

  it('R-01 counts guesses of the password with a link that was used', async () => {
    const token = await mailed();
    await post({ token, newPassword: NEW });
    const guess = () => post({ token, newPassword: 'not the right password' });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const wrong = await guess();
      expect([wrong.status, slugOf(wrong)]).toEqual([400, 'token-invalid']);
    }
    expect((await guess()).status).toBe(429);
  });

  it('L-02 leaves no password in the log lines', async () => {
    await post({ token: await mailed(), newPassword: NEW });
    expect(api.logged.join('')).not.toContain('quiet boats');
  });
});

describe('the form of the page', () => {
  it('E-09 sets the password, also when it is sent again, and says to log in', async () => {
    const token = await mailed();
    for (let time = 0; time < 2; time += 1) {
      const done = await postForm({ token, newPassword: NEW, newPasswordAgain: NEW });
      expect(done.status).toBe(200);
      expect(done.text).toContain('<h1>Your password is changed</h1>');
      expect(done.text).toContain('Log in with the new password.');
    }
    expect(await logIn(NEW)).toBe(200);
  });

  it('takes one password in two forms of Unicode, as a keyboard and a clipboard may give it', async () => {
    const [newPassword, newPasswordAgain] = ['NFC', 'NFD'].map((form) => 'Käse über neun Öfen'.normalize(form));
    const fields = { token: await mailed(), newPassword: `${newPassword}`, newPasswordAgain: `${newPasswordAgain}` };
    expect((await postForm(fields)).status).toBe(200);
    expect(await logIn(`${newPasswordAgain}`)).toBe(200);
  });

  it.each([
    [
      'two different passwords',
      { newPassword: NEW, newPasswordAgain: `${NEW}.` },
      'The two passwords differ.',
      'newPasswordAgain',
    ],
    ['one password', { newPassword: NEW }, 'The two passwords differ.', 'newPasswordAgain'],
    ['no password', {}, 'The password is missing or too long.'],
    [
      'a password with a line break',
      { newPassword: `${NEW}\r\n`, newPasswordAgain: `${NEW}\r\n` },
      'The password contains a line break, a tab or another character that cannot be typed.',
    ],
    [
      'a short password',
      { newPassword: 'too short', newPasswordAgain: 'too short' },
      'The password is too short: it must have at least 15 characters.',
    ],
    [
      'a common password',
      { newPassword: 'passwordpassword', newPasswordAgain: 'passwordpassword' },
      'The password is a common one, even with digits or symbols around it.',
    ],
  ])('asks again after %s, and keeps the token', async (_, fields, alert, refused = 'newPassword') => {
    const token = await mailed();
    const answer = await postForm({ token, ...fields });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`<p id="alert" role="alert">${alert}</p>`);
    const marked = answer.text.match(
      /<input id="\w+"[^>]* aria-describedby="alert advice" aria-invalid="true" required>/g,
    );
    expect(marked).toEqual([expect.stringContaining(`id="${refused}"`)]);
    expect(answer.text).not.toContain('autofocus');
    expect(answer.text).toContain(`name="token" value="${token}"`);
    expect(answer.text).not.toContain('quiet boats');
    expect(await logIn(PASSWORD)).toBe(200);
  });

  it('says in German why a password is refused', async () => {
    const fields = { token: await mailed(), newPassword: 'too short', newPasswordAgain: 'too short' };
    const { text } = await postForm(fields, { 'accept-language': 'de' });
    expect(text).toContain('Das Passwort ist zu kurz: Es muss mindestens 15 Zeichen haben.');
    expect(text).toContain('>Neues Passwort, noch einmal</label>');
  });

  it('does not ask again once the link was used', async () => {
    const token = await mailed();
    await postForm({ token, newPassword: NEW, newPasswordAgain: NEW });
    const late = await postForm({ token, newPassword: `${NEW}!`, newPasswordAgain: `${NEW}!` });
    expect([late.status, late.text.includes('Ask for a new link')]).toEqual([400, true]);
    expect(late.text).not.toContain('<form');
  });

  it('tells a browser in words that the link was cut off', async () => {
    const token = (await mailed()).slice(0, -1);
    const { status, text } = await api.ask('GET', `/auth/confirm?token=${token}`, { headers: BROWSER });
    expect([status, text.includes('This link is not complete, or it was changed.')]).toEqual([400, true]);
  });
});
