import { expect } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { linkOf, nthMail } from '../inbox.js';
import { consistentWith, register, type Step } from './story.js';

const erasure: Step = {
  title: 'T-11 T-08 erases users who send their password: no read finds them, and they get a last mail',
  run: async (story) => {
    const { client, inbox, ada, grace } = story;
    const token = ada.accessToken;
    const wrong = await client.ask('DELETE', '/user', { token, body: { password: 'not the right password' } });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    expect((await client.ask('GET', '/user', { token })).status).toBe(200);

    const erased = await client.ask('DELETE', '/user', { token, body: { password: ada.password } });
    expect([erased.status, erased.text]).toEqual([204, '']);
    const headers = consistentWith(erased);
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

const newRegistration: Step = {
  title: 'G-01 lets the address of an erased user register again, as a new user',
  run: async (story) => {
    const { client, inbox, ada } = story;
    const erasedId = ada.id;
    await register(story, { ...ada, name: 'Ada again' });
    const { token } = linkOf(await nthMail(inbox, ada.email, 4));
    const { email, password } = ada;
    expect((await client.ask('POST', '/auth/confirm', { body: { token, password } })).status).toBe(200);
    const { json } = await client.ask('POST', '/auth/login', { body: { email, password } });
    expect([json.user.name, json.user.revision]).toEqual(['Ada again', 0]);
    expect(json.user.id).not.toBe(erasedId);
  },
};

export const erasureSteps: readonly Step[] = [erasure, newRegistration];
