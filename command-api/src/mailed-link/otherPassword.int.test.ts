import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FORGED_TOKEN } from '../../test/forgedToken.js';
import { PASSWORD, type TestApi, testApi } from '../../test/testApi.js';

const NEW = 'nine quiet boats on a lake';
const NAME = 'Ada <King>';

let api: TestApi;
let count = 0;
let email: string;
let token: string;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());
/** The link of a registration by someone else. */
beforeEach(async () => {
  email = `ada${count++}@example.org`;
  await api.ask('POST', '/auth/register', { body: { email, name: 'A stranger', password: PASSWORD } });
  token = await api.mailedToken(email);
});

const post = (body: object) => api.ask('POST', '/auth/confirm', { body });
const postForm = (fields: Record<string, string>, headers = {}) =>
  api.ask('POST', '/auth/confirm', { body: new URLSearchParams(fields).toString(), headers });
const whole = () => ({ token, name: NAME, newPassword: NEW, newPasswordAgain: NEW });
const logIn = (password: string) => api.ask('POST', '/auth/login', { body: { email, password } });

describe('the link of a registration that someone else made', () => {
  it('E-06 registers its reader with another name and password, by JSON, in the language of the request', async () => {
    const { newPasswordAgain: _, ...body } = whole();
    const answer = await api.ask('POST', '/auth/confirm', { body, headers: { 'accept-language': 'de' } });
    expect([answer.status, answer.json]).toEqual([200, { status: 'confirmed' }]);
    expect(answer.headers.get('x-consistency-token')).not.toBeNull();
    // As before: the answer does not tell that the address has an account now.
    expect((await logIn(PASSWORD)).status).toBe(403);
    const { status, json } = await logIn(NEW);
    expect(status).toBe(200);
    const user = await api.ask('PUT', '/user', { token: json.accessToken, body: { email, password: NEW } });
    expect(user.json).toMatchObject({ name: NAME, email, locale: 'de' });
  });

  it('I-02 takes fields that are null for fields that are not sent', async () => {
    const first = await post({ token, password: PASSWORD, newPassword: null, name: null });
    expect([first.status, first.json]).toEqual([200, { status: 'confirmed' }]);
    const { json } = await logIn(PASSWORD);
    const body = { name: NAME, email: null, locale: null, password: null };
    const renamed = await api.ask('PUT', '/user', { token: json.accessToken, body });
    expect([renamed.status, renamed.json.name]).toEqual([200, NAME]);
    const missing = await post({ token: null });
    expect([missing.status, missing.json.errors]).toEqual([400, [{ field: 'token', message: 'is required' }]]);
  });

  it.each([
    ['no name', { newPassword: NEW }, 'name', 'is required'],
    ['a name alone', { name: NAME }, 'name', 'is only taken with newPassword'],
    [
      'both passwords',
      { name: NAME, password: PASSWORD, newPassword: NEW },
      'password',
      'is not taken with newPassword',
    ],
    ['no password', {}, 'password', 'is required'],
    ['a short one', { name: NAME, newPassword: 'too short' }, 'newPassword', 'must have at least 15 characters'],
    [
      'the address as one',
      () => ({ name: NAME, newPassword: `${email}!` }),
      'newPassword',
      expect.stringContaining('your email'),
    ],
  ])('I-02 names the field that is at fault with %s', async (_, fields, field, message) => {
    const answer = await post({ token, ...(typeof fields === 'function' ? fields() : fields) });
    expect([answer.status, answer.json.errors]).toEqual([400, [{ field, message }]]);
    expect((await logIn(PASSWORD)).status).toBe(403);
  });

  it('E-06 leaves an account alone that the address has by then', async () => {
    await post({ token, password: PASSWORD });
    const refused = await post({ token, name: NAME, newPassword: NEW });
    expect([refused.status, refused.json.type]).toEqual([400, expect.stringMatching(/token-invalid$/)]);
    expect([(await logIn(PASSWORD)).status, (await logIn(NEW)).status]).toEqual([200, 401]);
  });
});

describe('the form for users who do not know the password of the registration', () => {
  it('registers, also when it is sent again, and says so', async () => {
    for (let time = 0; time < 2; time += 1) {
      const done = await postForm(whole());
      expect([done.status, done.text.includes('Your address is confirmed')]).toEqual([200, true]);
    }
    expect((await logIn(NEW)).status).toBe(200);
  });

  it.each([
    ['two different passwords', { newPasswordAgain: `${NEW}.` }, 'The two passwords differ.', 'newPasswordAgain'],
    [
      'a short password',
      { newPassword: 'short', newPasswordAgain: 'short' },
      'The password is too short',
      'newPassword',
    ],
    ['no password', { newPassword: '', newPasswordAgain: '' }, 'The password is missing or too long.', 'newPassword'],
    ['no name', { name: '' }, 'The name cannot be used', 'name'],
    ['an invisible name', { name: '\u200b' }, 'The name cannot be used', 'name'],
    ['an over-long name', { name: 'x'.repeat(1_001) }, 'The name cannot be used', 'name'],
  ])('asks again after %s, and keeps what was right', async (_, fields, alert, refused) => {
    const sent = { ...whole(), ...fields };
    const { status, text } = await postForm(sent);
    expect(status).toBe(400);
    expect(text).toContain(`<p id="alert" role="alert">${alert}`);
    expect(text).toContain('<p id="advice">Choose a name and a new password.');
    expect(text.match(/<input id="\w+"[^>]* aria-invalid="true"/g)).toEqual([
      expect.stringMatching(new RegExp(`id="${refused}".* aria-describedby="alert advice"`)),
    ]);
    expect(text).toContain(`name="token" value="${token}"`);
    if (refused !== 'name')
      expect(text).toContain('name="name" type="text" autocomplete="name" value="Ada &lt;King&gt;"');
    expect(text).not.toMatch(/quiet boats/);
    expect((await logIn(PASSWORD)).status).toBe(403);
  });

  it('says what else to do when the link is not valid, in both languages', async () => {
    const forged = { ...whole(), token: FORGED_TOKEN };
    const { status, text } = await postForm(forged);
    expect(status).toBe(400);
    expect(text).toContain('The link is not valid, or the address has an account already.');
    const german = await postForm(forged, { 'accept-language': 'de' });
    expect(german.text).toContain('Der Link ist ungültig, oder die Adresse hat schon ein Konto.');
  });

  it('is not what a client sends that has all fields, and fills in the password', async () => {
    const all = { token, password: PASSWORD, newPassword: '', newPasswordAgain: '', name: '' };
    expect((await postForm({ ...all, password: '' })).text).toContain('The name cannot be used');
    expect((await postForm(all)).status).toBe(200);
  });

  it('is offered after a wrong password', async () => {
    const { status, text } = await postForm({ token, password: 'the password of another form' });
    expect([status, text.includes('<summary>I do not know this password</summary>')]).toEqual([403, true]);
  });

  it('offers the way back after it was refused', async () => {
    const { text } = await postForm({ ...whole(), newPasswordAgain: PASSWORD });
    const [, folded = ''] = text.split('<details><summary>I do not want a new password</summary>');
    expect(folded).toContain(`name="token" value="${token}"`);
    expect(folded.match(/<input id="\w+"/g)).toEqual(['<input id="password"']);
  });

  it('L-02 leaves neither name nor password in the log lines', async () => {
    await postForm(whole());
    expect(api.logged.join('')).not.toMatch(/quiet boats|King/);
  });
});
