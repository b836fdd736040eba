import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addressMac } from '@ums/identity/addressMac';
import { type MailTokenPurpose, mailTokens } from '@ums/identity/mail-token/mailToken';
import { PASSWORD, signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

let api: TestApi;
let count = 0;
let before: string;
let after: string;
let token: string;
let userId: string;
beforeAll(async () => {
  api = await testApi({ LIMIT_MAILS_PER_SOURCE: '1000', APP_NAME: 'Example Club' });
});
beforeEach(async () => {
  count += 1;
  [before, after] = [`before${count}@example.org`, `after${count}@example.org`];
  const { accessToken, user } = await signInNewUser(api, before);
  [token, userId] = [accessToken, user.id];
});
afterAll(() => api.close());

const put = (body: object, headers: Record<string, string> = {}) => api.ask('PUT', '/user', { token, body, headers });
const logIn = async (email: string) =>
  (await api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } })).status;
const post = (body: object) => api.ask('POST', '/auth/confirm', { body });
const postForm = (fields: Record<string, string>) =>
  api.ask('POST', '/auth/confirm', { body: new URLSearchParams(fields).toString() });
const slugOf = ({ json }: { json: { type: string } }) => json.type.split('/').at(-1);

/** The token that would be mailed for the newest request. */
const mailed = async (purpose: MailTokenPurpose, email: string): Promise<string> => {
  const { rows } = await api.vault.query<{ id: string; expires_at: Date }>(
    'select id, expires_at from email_change where user_id = $1 order by expires_at desc limit 1',
    [userId],
  );
  const { id = '', expires_at: expires = new Date() } = rows[0] ?? {};
  const mac = addressMac(createSecretKey(api.config.ADDRESS_KEY), email);
  return mailTokens(api.config.MAIL_TOKEN_KEY).issue({ purpose, ids: [userId, id], addressMac: mac, expires });
};

describe('PUT /user with an email', () => {
  it('T-11 answers 202 with the profile, which keeps its address, and changes the other fields in the same append', async () => {
    const answer = await put({ email: ` ${after.toUpperCase()} `, password: PASSWORD, name: 'Ada King' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([202, '"2"']);
    expect(answer.json).toMatchObject({ email: before, name: 'Ada King', revision: 2 });
    expect([await logIn(before), await logIn(after)]).toEqual([200, 401]);
  });

  it('answers 200 for the current address, and appends nothing', async () => {
    const answer = await put({ email: before, password: PASSWORD });
    expect([answer.status, answer.json.revision]).toEqual([200, 0]);
  });

  it('E-03 answers alike for a taken address', async () => {
    const taken = `taken${count}@example.org`;
    await signInNewUser(api, taken);
    const comparable = (answer: Awaited<ReturnType<typeof put>>) => [
      answer.status,
      Object.keys(answer.json),
      answer.json.email,
    ];
    const first = await put({ email: taken, password: PASSWORD });
    expect(comparable(first)).toEqual(comparable(await put({ email: after, password: PASSWORD })));
    expect([first.status, first.json.revision]).toEqual([202, 1]);
  });

  it('T-11 answers 403 to a wrong password, and changes no other field', async () => {
    const answer = await put({ email: after, password: 'not the right password', name: 'Eve' });
    expect([answer.status, slugOf(answer)]).toEqual([403, 'password-invalid']);
    expect((await put({ name: 'Ada Lovelace' })).json.revision).toBe(0);
  });

  it.each([
    [{}, [{ field: 'body', message: 'must have a name, an email, a locale or a picture' }]],
    [{ email: 'a@example.org' }, [{ field: 'password', message: 'is required with a new email' }]],
    [{ name: 'Ada', password: 'x' }, [{ field: 'password', message: 'is only for a new email' }]],
    [
      { email: 'no address', name: '\u200b', password: 'x' },
      [
        { field: 'name', message: expect.stringContaining('one visible') },
        { field: 'email', message: 'is not a mail address this service can use' },
      ],
    ],
  ])('I-02 names the faults of %j', async (body, errors) => {
    const answer = await put(body);
    expect([answer.status, answer.json.errors]).toEqual([400, errors]);
  });

  it('F-01 answers a repeat under an Idempotency-Key with 202, stores one request, and counts one mail', async () => {
    const headers = { 'idempotency-key': `change ${count}`.replace(' ', '-') };
    const answers = [];
    for (let time = 0; time < 5; time += 1) answers.push(await put({ email: after, password: PASSWORD }, headers));
    expect(answers.map(({ status, json }) => [status, json.revision])).toEqual(Array(5).fill([202, 1]));
    expect((await api.vault.query('select 1 from email_change where user_id = $1', [userId])).rows).toHaveLength(1);
  });

  it('F-01 refuses the Idempotency-Key of a request for another address', async () => {
    const headers = { 'idempotency-key': `change-${count}` };
    await put({ email: after, password: PASSWORD }, headers);
    const other = await put({ email: `other.${after}`, password: PASSWORD }, headers);
    expect([other.status, slugOf(other)]).toEqual([422, 'idempotency-key-reused']);
  });

  it('F-05 honours If-Match: a stale revision stores nothing and counts no mail', async () => {
    await put({ name: 'Ada King' });
    const counted = async () =>
      (await api.vault.query(`select id from attempt where state in ('mail', 'silent') order by id`)).rows;
    const mails = await counted();
    const stale = await put({ email: after, password: PASSWORD }, { 'if-match': '"0"' });
    expect([stale.status, slugOf(stale)]).toEqual([412, 'stale-revision']);
    expect((await api.vault.query('select 1 from email_change where user_id = $1', [userId])).rows).toEqual([]);
    expect(await counted()).toEqual(mails);
    const current = await put({ email: after, password: PASSWORD }, { 'if-match': '"1"' });
    expect([current.status, current.json.revision]).toEqual([202, 2]);
  });

  it('R-06 mails the link to a new address whose registrations have used up the mails', async () => {
    const body = { email: after, name: 'Grace Hopper', password: PASSWORD };
    for (let time = 0; time < 4; time += 1) await api.ask('POST', '/auth/register', { body });
    expect((await put({ email: after, password: PASSWORD })).status).toBe(202);
    const { rows } = await api.vault.query('select mail from email_change where user_id = $1', [userId]);
    expect(rows).toEqual([{ mail: true }]);
  });

  it('R-06 answers 429 after three mails to the current address in an hour, whatever the new address is', async () => {
    const statuses = [];
    for (let time = 0; time < 4; time += 1)
      statuses.push((await put({ email: `${time}.${after}`, password: PASSWORD })).status);
    expect(statuses).toEqual([202, 202, 202, 429]);
    expect((await put({ name: 'Ada King' })).status).toBe(200);
  });
});

describe('the links of a change of the address', () => {
  it('E-05 confirm it with the password, and undo it without', async () => {
    await put({ email: after, password: PASSWORD });
    const [confirming, undoing] = [await mailed('change', after), await mailed('undo', before)];
    const confirmed = await post({ token: confirming, password: PASSWORD });
    expect([confirmed.status, confirmed.json]).toEqual([200, { status: 'email-changed' }]);
    expect(confirmed.headers.get('x-consistency-token')).not.toBeNull();
    expect([await logIn(before), await logIn(after)]).toEqual([401, 200]);
    expect((await put({ name: 'Ada King' })).json).toMatchObject({ email: after });

    const undone = await post({ token: undoing });
    expect([undone.status, undone.json]).toEqual([200, { status: 'email-change-undone' }]);
    expect([await logIn(before), await logIn(after)]).toEqual([200, 401]);
    const refused = await put({ name: 'Eve' });
    expect([refused.status, slugOf(refused)]).toEqual([401, 'unauthenticated']);
  });

  it('E-05 are not accepted without the password, with a wrong one, or for another purpose', async () => {
    await put({ email: after, password: PASSWORD });
    const confirming = await mailed('change', after);
    const missing = await post({ token: confirming });
    expect([missing.status, missing.json.errors]).toEqual([400, [{ field: 'password', message: 'is required' }]]);
    const wrong = await post({ token: confirming, password: 'not the right password' });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    const invalid = [
      confirming.replace('.change.', '.undo.'),
      await mailed('undo', after),
      await mailed('change', before),
    ];
    for (const forged of [...invalid, await mailed('confirm', after)]) {
      const answer = await post({ token: forged, password: PASSWORD });
      expect([answer.status, slugOf(answer)]).toEqual([400, 'token-invalid']);
    }
    expect([await logIn(before), await logIn(after)]).toEqual([200, 401]);
  });

  it('E-04 open a page of their purpose, which is the same for every token', async () => {
    await put({ email: after, password: PASSWORD });
    for (const [purpose, email, heading] of [
      ['change', after, 'Confirm your new address'],
      ['undo', before, 'Keep your previous address'],
    ] as const) {
      const good = await mailed(purpose, email);
      const forged = `${good.slice(0, -4)}AAAA`;
      const pages = await Promise.all([good, forged].map((one) => api.ask('GET', `/auth/confirm?token=${one}`)));
      const texts = pages.map(({ text }, index) => text.replaceAll([good, forged][index] ?? '', ''));
      expect(texts[0]).toBe(texts[1]);
      expect(texts[0]).toContain(`<h1>${heading}</h1>`);
      expect(texts[0]?.includes('type="password"')).toBe(purpose === 'change');
    }
    expect([await logIn(before), await logIn(after)]).toEqual([200, 401]);
  });

  it('are followed by the forms of the pages', async () => {
    await put({ email: after, password: PASSWORD });
    const [confirming, undoing] = [await mailed('change', after), await mailed('undo', before)];
    const empty = await postForm({ token: confirming, password: '' });
    expect([empty.status, empty.text.includes('Enter the password of your account.')]).toEqual([400, true]);
    const confirmed = await postForm({ token: confirming, password: PASSWORD });
    expect([confirmed.status, confirmed.text.includes('Your address is changed')]).toEqual([200, true]);
    const undone = await postForm({ token: undoing });
    expect([undone.status, undone.text.includes('Your previous address is in use')]).toEqual([200, true]);
    const late = await postForm({ token: confirming, password: PASSWORD });
    expect([late.status, late.text.includes('Ask for the change again.')]).toEqual([400, true]);
    expect(late.text).not.toContain('<form');
  });
});
