import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appointFirstAdministrator, PASSWORD, signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

let api: TestApi;
let ada: Awaited<ReturnType<typeof signInNewUser>>;
beforeAll(async () => {
  api = await testApi({ LIMIT_MAILS_PER_SOURCE: '1000' });
  ada = await signInNewUser(api, 'ada@example.org');
});
afterAll(() => api.close());

const register = (change: object) =>
  api.ask('POST', '/auth/register', {
    body: { email: `${randomUUID()}@example.org`, name: 'Ada Lovelace', password: PASSWORD, ...change },
  });
const rename = (name: string) => api.ask('PUT', '/user', { token: ada.accessToken, body: { name } });
const logIn = (email: string) => api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } });
const send = (email: string) => api.ask('POST', '/auth/send', { body: { email } });

const refusedText = (field: string, max: number) => ({
  field,
  message: `must have 1 to ${max} characters, one visible, at most 4 marks on a letter, and none that is invisible, breaks the line or changes its direction`,
});
const ADDRESS_FAULT = { field: 'email', message: 'is not a mail address this service can use' };

describe('names', () => {
  it.each([
    ['blank', ' \t\u3000'],
    ['invisible', '\u200D'],
    ['a Hangul filler', '\u3164'],
    ['with a zero-width space', 'Ada\u200BLovelace'],
    ['with a bidirectional override', 'Ada\u202EecalevoL'],
    ['with a line separator', 'Ada\u2028Lovelace'],
    ['with a private character', 'Ada\uE000'],
    ['with a noncharacter', 'Ada\uFFFE'],
    ['of 101 code points', '\u{1F600}'.repeat(101)],
  ])(
    'I-03 refuses a name that is %s at registration and at renaming, and says what is refused',
    async (_kind, name) => {
      for (const answer of [await register({ name }), await rename(name)])
        expect([answer.status, answer.json.errors]).toEqual([400, [refusedText('name', 100)]]);
    },
  );

  it('says in sentences that a name is empty, much too long or no text', async () => {
    for (const [name, message] of [
      ['', 'must have at least 1 character'],
      ['a'.repeat(1001), 'must have at most 100 characters'],
      [7, 'must be a string'],
      [undefined, 'is required'],
    ] as const) {
      const answer = await register({ name });
      expect([answer.status, answer.json.errors]).toEqual([400, [{ field: 'name', message }]]);
    }
  });

  it('stores a name of 100 code points, in NFC, without the white space around it', async () => {
    expect((await rename(`\u3000${'\u{1F600}'.repeat(100)}\n`)).json.name).toBe('\u{1F600}'.repeat(100));
    expect((await rename('e\u0301'.repeat(100))).json.name).toBe('é'.repeat(100));
    expect((await register({ name: ' Zoe\u0308 ' })).status).toBe(202);
  });
});

describe('addresses', () => {
  it('E-08 ignores white space and invisible characters around an address at every route', async () => {
    const email = 'grace@example.org';
    const pasted = ' \t\u00A0\uFEFFGrace@Example.org\u200B\r\n';
    expect((await register({ email: pasted })).status).toBe(202);
    expect((await send(pasted)).status).toBe(202);
    const body = { token: await api.mailedToken(email), password: PASSWORD };
    expect((await api.ask('POST', '/auth/confirm', { body })).status).toBe(200);
    for (const written of [pasted, email]) {
      const answer = await logIn(written);
      expect([answer.status, answer.json.user?.email]).toEqual([200, email]);
    }
  });

  it('E-08 takes a local part with a backtick', async () => {
    const { user } = await signInNewUser(api, 'o`hara@example.org');
    expect(user).toMatchObject({ email: 'o`hara@example.org' });
  });

  it.each([
    ['an encoded-word', '=?utf-8?q?ada?=@example.org'],
    ['a blank inside', 'ada lovelace@example.org'],
    ['an invisible character inside', 'ad\u200Ba@example.org'],
    ['no domain', 'ada@'],
  ])('E-08 refuses an address with %s at every route', async (_kind, email) => {
    for (const answer of [await register({ email }), await logIn(email), await send(email)])
      expect([answer.status, answer.json.errors]).toEqual([400, [ADDRESS_FAULT]]);
  });
});

describe('reasons of a suspension or an erasure', () => {
  it('I-03 obey the rule of names with 1 to 500 characters, and ids that are none are named in words', async () => {
    const { user } = await signInNewUser(api, 'suspended@example.org');
    await appointFirstAdministrator(api, 'ada@example.org');
    const { accessToken: token } = (await logIn('ada@example.org')).json;
    const change = (method: string, reason: string, id = user.id) =>
      api.ask(method, `/users/${id}/suspension`, { token, body: { reason } });
    for (const method of ['POST', 'DELETE'])
      for (const reason of [' ', '\u200B', 'a\u202Eb', 'a\nb', 'a'.repeat(501)]) {
        const answer = await change(method, reason);
        expect([answer.status, answer.json.errors]).toEqual([400, [refusedText('reason', 500)]]);
      }
    const others = [
      ['PUT', 'roles', { roles: ['user', 'auditor'], password: PASSWORD }],
      ['POST', 'mail-block/end', {}],
    ] as const;
    for (const [method, path, rest] of others)
      for (const reason of [' ', 'a\u202Eb', 'a\nb', 'a'.repeat(501)]) {
        const answer = await api.ask(method, `/users/${user.id}/${path}`, { token, body: { ...rest, reason } });
        expect([path, answer.status, answer.json.errors]).toEqual([path, 400, [refusedText('reason', 500)]]);
      }
    const longest = ` ${'\u{1F600}'.repeat(500)} `;
    const suspended = await change('POST', longest);
    expect([suspended.status, suspended.json.status]).toEqual([200, 'suspended']);
    const erase = (reason: string, password = PASSWORD) =>
      api.ask('POST', `/users/${user.id}/erasure`, { token, body: { reason, password } });
    for (const reason of [' ', 'a\nb', 'a'.repeat(501)]) {
      const answer = await erase(reason, 'the wrong password');
      expect([answer.status, answer.json.errors]).toEqual([400, [refusedText('reason', 500)]]);
    }
    expect((await erase(longest)).status).toBe(204);
    const unknown = await change('POST', 'abuse', 'not-an-id');
    expect(unknown.json.errors).toEqual([{ field: 'id', message: 'must be a UUID' }]);
  });
});
