import { expect } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { linkOf, nthMail } from '../inbox.js';
import { after, type Chapter, register } from './told.js';

const erasing: Chapter = {
  tells: 'T-11 T-08 erases whoever asks for it with his password: gone from every read, and a last mail',
  tell: async (told) => {
    const { client, inbox, ada, grace } = told;
    const token = ada.accessToken;
    const wrong = await client.ask('DELETE', '/user', { token, body: { password: 'not the one she chose' } });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    expect((await client.ask('GET', '/user', { token })).status).toBe(200);

    const erased = await client.ask('DELETE', '/user', { token, body: { password: ada.password } });
    expect([erased.status, erased.text]).toEqual([204, '']);
    const headers = after(erased);
    expect([401, 404]).toContain((await client.ask('GET', '/user', { token, headers })).status);
    await until(async () => (await client.ask('GET', '/user', { token })).status === 401);
    const list = await client.ask('GET', '/users', { token: grace.accessToken, headers });
    expect(list.json.items.map(({ id }: { id: string }) => id)).toEqual([grace.id]);
    const one = await client.ask('GET', `/users/${ada.id}`, { token: grace.accessToken, headers });
    expect([one.status, slugOf(one)]).toEqual([404, 'not-found']);
    const { email, password } = ada;
    const login = await client.ask('POST', '/auth/login', { body: { email, password } });
    expect([login.status, slugOf(login)]).toEqual([401, 'credentials-invalid']);
    expect((await nthMail(inbox, email, 3)).subject).toBe('Your account has been erased');
  },
};

const returning: Chapter = {
  tells: 'G-01 gives the address of somebody erased to whoever proves it next, as somebody new',
  tell: async (told) => {
    const { client, inbox, ada } = told;
    const before = ada.id;
    await register(told, { ...ada, name: 'Ada again' });
    const { token } = linkOf(await nthMail(inbox, ada.email, 4));
    const { email, password } = ada;
    expect((await client.ask('POST', '/auth/confirm', { body: { token, password } })).status).toBe(200);
    const { json } = await client.ask('POST', '/auth/login', { body: { email, password } });
    expect([json.user.name, json.user.revision]).toEqual(['Ada again', 0]);
    expect(json.user.id).not.toBe(before);
  },
};

export const farewell: readonly Chapter[] = [erasing, returning];
