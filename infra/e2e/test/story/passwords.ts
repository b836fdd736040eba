import { expect } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { linkOf, mailsTo, nthMail } from '../inbox.js';
import { consistentWith, logIn, register, type Step } from './story.js';

const passwordChange: Step = {
  title:
    'A-06 changes a password with the current one: every session ends, the caller gets a new one, and a mail tells the user',
  run: async (story) => {
    const { client, inbox, grace } = story;
    const { accessToken: token, refreshToken, password } = grace;
    const newPassword = 'two moths between three relays';
    const put = (body: object) => client.ask('PUT', '/user/password', { token, body });
    const wrong = await put({ password: 'not the right password', newPassword });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    const same = await put({ password, newPassword: password });
    expect([same.status, same.json.errors]).toEqual([
      400,
      [{ field: 'newPassword', message: 'must not be the current password' }],
    ]);

    const changed = await put({ password, newPassword });
    expect(changed.status).toBe(200);
    expect((await client.ask('PUT', '/user', { token, body: { name: 'Eve' } })).status).toBe(401);
    await until(async () => (await client.ask('GET', '/user', { token })).status === 401);
    expect((await client.ask('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    const headers = consistentWith(changed);
    const read = await client.ask('GET', '/user', { token: changed.json.accessToken, headers });
    expect([read.status, read.headers.get('etag')]).toEqual([200, changed.headers.get('etag')]);
    const old = await client.ask('POST', '/auth/login', { body: { email: grace.email, password } });
    expect([old.status, slugOf(old)]).toEqual([401, 'credentials-invalid']);
    grace.password = newPassword;
    await logIn(story, grace);
    expect((await nthMail(inbox, grace.email, 5)).subject).toBe('Your password was changed');
  },
};

const passwordReset: Step = {
  title: 'E-09 resets a forgotten password with the link mailed for it: every session ends, and none starts',
  run: async (story) => {
    const { client, inbox } = story;
    const email = 'dorothy@example.org';
    const dorothy = {
      ...{ email, name: 'Dorothy', password: 'orbits drawn by hand' },
      ...{ id: '', accessToken: '', refreshToken: '' },
    };
    await register(story, dorothy);
    const confirmation = { token: linkOf(await nthMail(inbox, email, 1)).token, password: dorothy.password };
    expect((await client.ask('POST', '/auth/confirm', { body: confirmation })).status).toBe(200);
    await logIn(story, dorothy);
    const { accessToken: token } = dorothy;

    const ask = (address: string) => client.ask('POST', '/auth/password-reset', { body: { email: address } });
    const invalid = await ask('no address');
    expect([invalid.status, slugOf(invalid)]).toEqual([400, 'validation-failed']);
    const answers = [await ask(email), await ask('unknown@example.org')];
    expect(answers.map(({ status, json }) => [status, json])).toEqual(Array(2).fill([202, { status: 'reset-sent' }]));

    const mailed = linkOf(await nthMail(inbox, email, 2)).token;
    const page = await client.ask('GET', `/auth/confirm?token=${mailed}`);
    expect([page.status, page.text.includes('<h1>Choose a new password</h1>')]).toEqual([200, true]);
    const set = (newPassword: string) => client.ask('POST', '/auth/confirm', { body: { token: mailed, newPassword } });
    const common = await set('passwordpassword');
    expect([common.status, common.json.errors[0].field]).toEqual([400, 'newPassword']);
    dorothy.password = 'rockets counted by heart';
    const done = await set(dorothy.password);
    expect([done.status, done.json]).toEqual([200, { status: 'password-reset' }]);

    expect((await client.ask('PUT', '/user', { token, body: { name: 'Eve' } })).status).toBe(401);
    await until(async () => (await client.ask('GET', '/user', { token })).status === 401);
    const replay = await set('another long password');
    expect([replay.status, slugOf(replay)]).toEqual([400, 'token-invalid']);
    expect((await nthMail(inbox, email, 3)).subject).toBe('Your password was changed');
    expect(await mailsTo(inbox, 'unknown@example.org')).toEqual([]);
    await logIn(story, dorothy);
    const erased = { token: dorothy.accessToken, body: { password: dorothy.password } };
    expect((await client.ask('DELETE', '/user', erased)).status).toBe(204);
  },
};

export const passwordSteps: readonly Step[] = [passwordChange, passwordReset];
