import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, type TestApi, testApi } from '../../test/testApi.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ LIMIT_FAILURES_PER_ACCOUNT_AND_SOURCE: '3' });
});
afterAll(() => api.close());

const page = (token: string) => api.ask('GET', `/auth/confirm?token=${encodeURIComponent(token)}`);
const post = (fields: Record<string, string>) =>
  api.ask('POST', '/auth/confirm', { body: new URLSearchParams(fields).toString() });
const registeredToken = async (email: string) => {
  await api.ask('POST', '/auth/register', { body: { email, name: 'Ada Lovelace', password: PASSWORD } });
  return api.mailedToken(email);
};

describe('the confirmation page', () => {
  it('E-04 is the same for every token, apart from the token in its form', async () => {
    const good = await registeredToken('page@example.org');
    const bodies = await Promise.all(
      [good, 'v1.AAAAAAAA.nonsense', ''].map(async (token) => {
        const { status, text } = await page(token);
        expect(status).toBe(200);
        expect(text).toContain(`name="token" value="${token}"`);
        return text.replace(token, '');
      }),
    );
    expect(new Set(bodies).size).toBe(1);
  });

  it('H-01 allows its own style and form only, sets no cookie and is not cached', async () => {
    const { headers, text } = await page('x');
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

  it('escapes the token', async () => {
    const { text } = await page(`"><script>alert(1)</script>'&`);
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;"');
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

describe('the form of the confirmation page', () => {
  it('confirms and answers with a page, also when repeated', async () => {
    const token = await registeredToken('form@example.org');
    for (let time = 0; time < 2; time += 1) {
      const answer = await post({ token, password: PASSWORD });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(answer.text).toContain('Your address is confirmed');
      expect(answer.headers.get('x-consistency-token')).not.toBeNull();
    }
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

  it('answers an invalid token and a missing field with a page', async () => {
    const bad = await post({ token: 'nonsense', password: PASSWORD });
    expect([bad.status, bad.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    const missing = await post({ token: 'nonsense' });
    expect([missing.status, missing.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    const twice = await api.ask('POST', '/auth/confirm', { body: 'token=a&token=b&password=c' });
    expect(twice.status).toBe(400);
  });

  it('is not accepted on other routes', async () => {
    const answer = await api.ask('POST', '/auth/login', { body: 'email=ada%40example.org&password=x' });
    expect(answer.status).toBe(415);
  });
});
