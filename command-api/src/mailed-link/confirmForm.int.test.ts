import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stoppedClock } from '../../../infra/kit/test/testClock.js';
import { FORGED_TOKEN } from '../../test/forgedToken.js';
import { PASSWORD, type TestApi, testApi } from '../../test/testApi.js';

let api: TestApi;
beforeAll(async () => {
  const settings = {
    LIMIT_FAILURES_PER_ACCOUNT_AND_SOURCE: '3',
    APP_NAME: 'Example <Club>',
    APP_URL: 'https://app.example/?from=mail&x=1#/log-in',
  };
  // The delay after failed attempts, a second, does not end before the next one.
  api = await testApi(settings, { clock: stoppedClock() });
});
afterAll(() => api.close());

const post = (fields: Record<string, string>) =>
  api.ask('POST', '/auth/confirm', { body: new URLSearchParams(fields).toString() });
const registeredToken = async (email: string) => {
  await api.ask('POST', '/auth/register', { body: { email, name: 'Ada Lovelace', password: PASSWORD } });
  return api.mailedToken(email);
};

describe('the form of the confirmation page', () => {
  it('confirms and answers with a page, also when repeated', async () => {
    const token = await registeredToken('form@example.org');
    for (let time = 0; time < 2; time += 1) {
      const answer = await post({ token, password: PASSWORD });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(answer.text).toContain('Your address is confirmed');
      expect(answer.text).toContain(
        'href="https://app.example/?from=mail&amp;x=1#/log-in">Continue to Example &lt;Club&gt;</a>',
      );
      expect(answer.headers.get('x-consistency-token')).not.toBeNull();
    }
  });

  it('answers in the language of the browser', async () => {
    const body = new URLSearchParams({ token: await registeredToken('deutsch@example.org'), password: PASSWORD });
    const headers = { 'accept-language': 'de' };
    const { text } = await api.ask('POST', '/auth/confirm', { body: body.toString(), headers });
    expect(text).toContain('Ihre Adresse ist bestätigt');
    expect(text).toContain('>Weiter zu Example &lt;Club&gt;</a>');
  });

  it('shows the fault on the same page, and counts failed attempts', async () => {
    const token = await registeredToken('typo@example.org');
    for (let time = 0; time < 3; time += 1) {
      const wrong = await post({ token, password: 'wrong horse battery' });
      expect(wrong.status).toBe(403);
      expect(wrong.text).toContain('The password is wrong.');
      expect(wrong.text).toContain(token);
    }
    const limited = await post({ token, password: PASSWORD });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1']);
    expect(limited.text).toContain('Too many attempts');
  });

  it('E-06 confirms with the second of two mails and the password of the account', async () => {
    const first = await registeredToken('second@example.org');
    const second = await registeredToken('second@example.org');
    for (const token of [first, second]) {
      const answer = await post({ token, password: PASSWORD });
      expect([answer.status, answer.text.includes('Your address is confirmed')]).toEqual([200, true]);
    }
    const json = await api.ask('POST', '/auth/confirm', { body: { token: second, password: PASSWORD } });
    expect([json.status, json.json]).toEqual([200, { status: 'confirmed' }]);
  });

  it('works with a slash behind the path', async () => {
    const token = await registeredToken('slash@example.org');
    const body = new URLSearchParams({ token, password: PASSWORD }).toString();
    expect((await api.ask('POST', '/auth/confirm/', { body })).status).toBe(200);
  });

  it.each([
    [
      'an invalid token',
      'token=nonsense&password=wrong',
      400,
      'The link is not valid, or the password is not that of your account.',
    ],
    ['a missing token', 'password=wrong', 400, 'This link is not complete'],
    ['a repeated token', 'token=a&token=b&password=wrong', 400, 'This link is not complete'],
    ['an over-long token', `token=${'x'.repeat(1_001)}&password=wrong`, 400, 'This link is not complete'],
    ['a missing password', 'token=nonsense', 400, 'The password is missing or too long.'],
    ['an over-long password', `token=a&password=${'x'.repeat(1_001)}`, 400, 'The password is missing or too long.'],
    ['a password with NUL', 'token=a&password=a%00', 400, 'The password is missing or too long.'],
    ['a body that is too large', `token=a&password=${'x'.repeat(70_000)}`, 413, 'The body is too large.'],
    ['an empty body', '', 400, 'This link is not complete'],
  ])('answers %s in words, whatever the client accepts', async (_, body, status, words) => {
    const answer = await api.ask('POST', '/auth/confirm', { body, headers: { accept: 'application/json' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
    expect(answer.text).toContain(`<p id="alert" role="alert">${words}`);
    expect(answer.headers.get('content-security-policy')).toContain("form-action 'self'");
  });

  it('marks the field whose value was refused, says why with it, and leaves the focus before the reason', async () => {
    const token = await registeredToken('marked@example.org');
    for (const password of ['not the password of it', '']) {
      const { text } = await post({ token, password });
      expect(text).toMatch(/<input id="password"[^>]* aria-describedby="alert advice" aria-invalid="true" required>/);
    }
    const unknown = (await post({ token: FORGED_TOKEN, password: PASSWORD })).text;
    expect(unknown).toMatch(/<input id="password"[^>]* aria-describedby="alert advice" required>/);
  });

  it('keeps the token in the form, escaped, when only the password is at fault', async () => {
    const { text } = await post({ token: `"><script>alert(1)</script>'&`, password: '' });
    expect(text).toContain('name="token" value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;"');
  });

  it('F-03 answers an outage in words, and keeps the token', async () => {
    const token = await registeredToken('outage@example.org');
    await api.vaultProxy.set('refuse');
    const answer = await post({ token, password: PASSWORD }).finally(() => api.vaultProxy.set('pass'));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.text).toContain('The service cannot answer right now.');
    expect(answer.text).toContain(token);
    expect(answer.text).toContain(`Reference: ${answer.headers.get('x-request-id')}`);
  });

  it('is not accepted on other routes', async () => {
    const answer = await api.ask('POST', '/auth/login', { body: 'email=ada%40example.org&password=x' });
    expect(answer.status).toBe(415);
  });
});
