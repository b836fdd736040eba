import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from '../../infra/kit/test/ask.js';
import { PASSWORD, signInNewUser, type TestApi, testApi } from '../test/testApi.js';

const KNOWN = 'known@example.org';
const SUSPENDED = 'suspended@example.org';
const ERASED = 'erased@example.org';
const WAITING = 'waiting@example.org';

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ LIMIT_MAILS_PER_ADDRESS: '5', TRUSTED_PROXIES: '127.0.0.1' });
  await signInNewUser(api, KNOWN);
  await signInNewUser(api, SUSPENDED);
  const { accessToken: token } = await signInNewUser(api, ERASED);
  await api.ask('DELETE', '/user', { token, body: { password: PASSWORD } });
  await api.ask('POST', '/auth/register', { body: { email: WAITING, name: 'Eve', password: PASSWORD } });
});
afterAll(() => api.close());

/** An answer without the parts that differ in every answer. */
const comparable = ({ status, headers, text, json }: HttpAnswer) => {
  const masked = ['date', 'x-request-id', 'x-correlation-id'];
  const body = json?.requestId === undefined ? text : text.replace(json.requestId, 'masked');
  return { status, headers: [...headers].filter(([name]) => !masked.includes(name)), body };
};

describe('answers to anonymous callers', () => {
  it.each(['/auth/register', '/auth/send'])('E-01 and E-03 are the same to %s for every address', async (path) => {
    const answers: unknown[] = [];
    for (const email of [KNOWN, SUSPENDED, WAITING, 'unknown@example.org']) {
      const body = path === '/auth/send' ? { email } : { email, name: 'Ada Lovelace', password: PASSWORD };
      answers.push(comparable(await api.ask('POST', path, { body })));
    }
    expect(answers[0]).toMatchObject({ status: 202, body: '{"status":"confirmation-sent"}' });
    expect(answers).toEqual(Array(4).fill(answers[0]));
  });

  it('E-01 are the same to /auth/password-reset for every address', async () => {
    const answers: unknown[] = [];
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    for (const email of [KNOWN, SUSPENDED, ERASED, WAITING, 'unknown@example.org'])
      answers.push(comparable(await api.ask('POST', '/auth/password-reset', { body: { email }, headers })));
    expect(answers[0]).toMatchObject({ status: 202, body: '{"status":"reset-sent"}' });
    expect(answers).toEqual(Array(5).fill(answers[0]));
  });

  it('E-01 are the same to logins with a wrong password for every address', async () => {
    const answers: unknown[] = [];
    for (const email of [KNOWN, SUSPENDED, WAITING, 'unknown@example.org'])
      answers.push(
        comparable(await api.ask('POST', '/auth/login', { body: { email, password: 'wrong horse battery' } })),
      );
    expect(answers[0]).toMatchObject({ status: 401 });
    expect(answers).toEqual(Array(4).fill(answers[0]));
  });

  it('E-01 and R-06 are the same to /auth/register after the hourly mail limit of the address is reached', async () => {
    const body = { email: 'flood@example.org', name: 'Ada', password: PASSWORD };
    const register = async (source: string) =>
      comparable(await api.ask('POST', '/auth/register', { body, headers: { 'x-forwarded-for': source } }));
    const first = await register('192.0.2.1');
    for (let mail = 2; mail < 8; mail += 1) expect(await register(`192.0.2.${mail}`)).toEqual(first);
    const { rows } = await api.vault.query('select mail, count(*)::int from registration group by mail order by mail');
    expect(rows[0]).toMatchObject({ mail: false, count: expect.any(Number) });
  });

  it('E-01 and R-06 are the same 429 to one source after three mails to an address in an hour, for every address', async () => {
    const retries: number[] = [];
    const answers: unknown[] = [];
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    for (const email of [KNOWN, SUSPENDED, WAITING, 'new@example.org']) {
      const send = () => api.ask('POST', '/auth/send', { body: { email }, headers });
      // Resends, resets and the others have counts of their own.
      const reset = () => api.ask('POST', '/auth/password-reset', { body: { email }, headers });
      const body = { email, name: 'Ada', password: PASSWORD };
      const register = () => api.ask('POST', '/auth/register', { body, headers });
      const asks = [send, register, reset];
      for (let mail = 0; mail < 3; mail += 1) for (const ask of asks) expect((await ask()).status).toBe(202);
      for (const ask of asks) {
        const limited = await ask();
        retries.push(Number(limited.headers.get('retry-after')));
        answers.push({ ...comparable(limited), headers: undefined });
      }
    }
    expect(answers[0]).toMatchObject({ status: 429, body: expect.stringContaining('/problems/too-many-attempts') });
    expect(answers).toEqual(Array(12).fill(answers[0]));
    for (const seconds of retries) expect(seconds).toBeGreaterThan(3_500);
  });

  it('E-04 are the same 400 to every invalid token, whether or not the password is right', async () => {
    const good = await api.mailedToken(WAITING);
    const [version, key, purpose, ids, expires, epoch, mac] = good.split('.');
    const otherIds = (await api.mailedToken(KNOWN)).split('.')[3];
    const tokens = [
      'nonsense',
      `${good}x`,
      [version, key, purpose, otherIds, expires, epoch, mac].join('.'),
      [version, key, purpose, ids, Number(expires) + 60, epoch, mac].join('.'),
      [version, key, 'login', ids, expires, epoch, mac].join('.'),
      [version, 'AAAAAAAA', purpose, ids, expires, epoch, mac].join('.'),
    ];
    const answers: unknown[] = [];
    for (const token of tokens)
      for (const password of [PASSWORD, 'wrong horse battery'])
        answers.push(comparable(await api.ask('POST', '/auth/confirm', { body: { token, password } })));
    const asReset = [version, key, 'reset', ids, expires, '0', mac].join('.');
    for (const token of [asReset, asReset.replace(`.${mac}`, `.${mac?.replace(/^./, '_')}`)])
      answers.push(comparable(await api.ask('POST', '/auth/confirm', { body: { token, newPassword: PASSWORD } })));
    expect(answers[0]).toMatchObject({ status: 400, body: expect.stringContaining('/problems/token-invalid') });
    expect(answers).toEqual(Array(14).fill(answers[0]));
  });

  it('E-07 contain the configured base URL, whatever host the headers name', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    const { text } = await api.ask('POST', '/auth/confirm', { body: { token: 'x', password: 'y' }, headers });
    expect(text).toContain('https://users.example/problems/token-invalid');
    expect(text).not.toContain('evil');
  });

  it.each(['/api/v1/auth/confirm', 'http://evil.example/api/v1/auth/confirm'])(
    'E-07 contain the configured base URL when Host is forged, for the request target %s',
    async (path) => {
      const asking = request(api.base, { path, method: 'POST', headers: { host: 'evil.example' } });
      asking.setHeader('content-type', 'application/json');
      asking.end(JSON.stringify({ token: 'x', password: PASSWORD }));
      const [answer] = (await once(asking, 'response')) as [IncomingMessage];
      const text = Buffer.concat(await answer.toArray()).toString();
      expect(text).toContain('https://users.example/problems/token-invalid');
      expect(text + JSON.stringify(answer.headers)).not.toContain('evil');
    },
  );
});
