import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FORGED_TOKEN } from '../../test/forgedToken.js';
import { PASSWORD, type TestApi, testApi } from '../../test/testApi.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

let api: TestApi;
beforeAll(async () => {
  api = await testApi({
    PUBLIC_URL: 'https://users.example/accounts/',
    APP_NAME: 'Example <Club>',
  });
});
afterAll(() => api.close());

const page = (token: string) => api.ask('GET', `/auth/confirm?token=${encodeURIComponent(token)}`);
const registeredToken = async (email: string) => {
  await api.ask('POST', '/auth/register', { body: { email, name: 'Ada Lovelace', password: PASSWORD } });
  return api.mailedToken(email);
};

describe('the confirmation page', () => {
  it('E-04 is the same for every token, apart from the token in its form', async () => {
    const good = await registeredToken('page@example.org');
    const bodies = await Promise.all(
      [good, FORGED_TOKEN, `${good.slice(0, -4)}AAAA`].map(async (token) => {
        const { status, text } = await page(token);
        expect(status).toBe(200);
        expect(text).toContain(`name="token" value="${token}"`);
        return text.replaceAll(token, '');
      }),
    );
    expect(new Set(bodies).size).toBe(1);
  });

  it('H-01 allows its own style and form only, sets no cookie and is not cached', async () => {
    const { headers, text } = await page(FORGED_TOKEN);
    const style = /<style>(.*)<\/style>/s.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('set-cookie')).toBeNull();
    expect(text).not.toMatch(/<script|https?:/);
  });

  it('posts its form to the path below PUBLIC_URL, wherever it was opened', async () => {
    for (const path of ['/auth/confirm', '/auth/confirm/', '/AUTH/Confirm']) {
      const { status, text } = await api.ask('GET', `${path}?token=${FORGED_TOKEN}`);
      expect([status, /<form [^>]*>/.exec(text)?.[0]]).toEqual([
        200,
        '<form method="post" action="/accounts/api/v1/auth/confirm">',
      ]);
    }
  });

  it('has fields for password managers: an empty user name that is not sent, and the current password', async () => {
    const { text } = await page(FORGED_TOKEN);
    const username = /<input[^>]*autocomplete="username"[^>]*>/.exec(text)?.[0] ?? '';
    expect(username).toContain('type="text"');
    expect(username).not.toMatch(/ (name|value)=/);
    expect(text).toMatch(/<input id="password" name="password" type="password" autocomplete="current-password"/);
    expect(text).toContain('<label for="password">');
  });

  it('says with the field what to enter in it', async () => {
    const { text } = await page(FORGED_TOKEN);
    expect(text).toContain('<p id="advice">Enter the password you chose');
    expect(text).toMatch(/<input id="password"[^>]* aria-describedby="advice" autofocus required>/);
    expect(text).not.toContain('aria-invalid');
  });

  it('is in the language that the browser asks for, also about problems', async () => {
    const headers = { ...BROWSER, 'accept-language': 'de-AT,de;q=0.9,en;q=0.8' };
    const { text } = await api.ask('GET', `/auth/confirm?token=${FORGED_TOKEN}`, { headers });
    for (const part of ['<html lang="de">', '<h1>Bestätigen Sie Ihre Adresse</h1>', '>Passwort</label>'])
      expect(text).toContain(part);
    const failed = await api.ask('GET', '/auth/confirm?token=a&token=b', { headers });
    expect(failed.text).toContain('<title>Fehler: Dieser Link lässt sich nicht öffnen');
    expect(failed.text).toContain('Dieser Link ist unvollständig oder wurde verändert.');
    expect((await page(FORGED_TOKEN)).text).toContain('<html lang="en">');
  });

  it('has another form for users who do not know the password, which cannot be reset before there is an account', async () => {
    const { text } = await page(FORGED_TOKEN);
    const other = /<details><summary>I do not know this password<\/summary>(.*)<\/details>/s.exec(text)?.[1];
    expect(other).toContain('<form method="post" action="/accounts/api/v1/auth/confirm">');
    expect(other).toContain(`name="token" value="${FORGED_TOKEN}"`);
    expect(other).toMatch(
      /<input id="name" name="name" type="text" autocomplete="name" aria-describedby="other" required>/,
    );
    expect(other?.match(/type="password" autocomplete="new-password"/g)).toHaveLength(2);
    expect(other).not.toMatch(/current-password|autofocus/);
    const headers = { ...BROWSER, 'accept-language': 'de' };
    const german = await api.ask('GET', `/auth/confirm?token=${FORGED_TOKEN}`, { headers });
    expect(german.text).toContain('<summary>Ich kenne dieses Passwort nicht</summary>');
  });

  it.each(['change', 'reset', 'undo'])('has one form for a link of another purpose: %s', async (purpose) => {
    const { status, text } = await page(FORGED_TOKEN.replace('confirm', purpose));
    expect([status, text.match(/<form/g)?.length]).toEqual([200, 1]);
    expect(text).not.toContain('<details');
  });

  it('names the application', async () => {
    const { text } = await page(FORGED_TOKEN);
    expect(text).toContain('<title>Confirm your address – Example &lt;Club&gt;</title>');
    expect(text).toContain('<p class="app">Example &lt;Club&gt;</p>');
  });

  it.each([
    ['repeated', '?token=a&token=b', 400],
    ['with brackets', '?token[]=a', 400],
    ['over-long', `?token=${'x'.repeat(1_001)}`, 400],
    ['far too long', `?token=${'x'.repeat(5_000)}`, 414],
    ['with NUL', '?token=%00', 400],
    ['cut off', `?token=${FORGED_TOKEN.slice(0, -1)}`, 400],
    ['of no known purpose', `?token=${FORGED_TOKEN.replace('confirm', 'login')}`, 400],
    ['of another form', '?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E', 400],
    ['missing', '', 400],
  ])('tells a browser in words that a token is %s', async (_, query, expected) => {
    const { status, headers, text } = await api.ask('GET', `/auth/confirm${query}`, { headers: BROWSER });
    expect([status, headers.get('content-type')]).toEqual([expected, 'text/html; charset=utf-8']);
    expect(text).toContain('This link is not complete, or it was changed.');
    expect(text).toContain('<title>Error: This link cannot be opened');
    expect(text).not.toContain('Confirm your address');
    expect(text).not.toContain('<form');
    expect(text).not.toContain('<script');
  });

  it('I-02 tells a program which parameter is at fault', async () => {
    const { status, json } = await page('nonsense');
    const errors = [{ field: 'token', message: 'must be the whole token of a mailed link' }];
    expect([status, json.errors]).toEqual([400, errors]);
  });

  it('I-03 refuses a token that is given twice or is too long', async () => {
    expect((await api.ask('GET', '/auth/confirm?token=a&token=b')).status).toBe(400);
    expect((await page('x'.repeat(1_001))).status).toBe(400);
  });

  it('E-06 does not confirm a registration when opened', async () => {
    const token = await registeredToken('opened@example.org');
    await page(token);
    const login = await api.ask('POST', '/auth/login', { body: { email: 'opened@example.org', password: PASSWORD } });
    expect(login.status).toBe(403);
  });
});
