import { expect } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { after, type Chapter, logIn } from './told.js';

const appointing: Chapter = {
  tells: 'A-07 Z-03 lists nobody to nobody but administrators, of whom the operator appoints the first',
  tell: async (told) => {
    const { client, ada, grace, appoint } = told;
    const closed = await client.ask('GET', '/users', { token: grace.accessToken });
    expect([closed.status, slugOf(closed)]).toEqual([403, 'forbidden']);
    await appoint(grace.email);
    await expect(appoint(ada.email)).rejects.toThrow('There is an active administrator already');
    const headers = after(await logIn(told, grace));
    const token = grace.accessToken;
    const all = await client.ask('GET', '/users', { token, headers });
    expect([all.status, all.json.next]).toEqual([200, null]);
    expect(all.json.items).toMatchObject([
      { id: ada.id, email: ada.email, name: ada.name, roles: ['user'] },
      { id: grace.id, email: grace.email, roles: ['user', 'admin'] },
    ]);
    const first = await client.ask('GET', '/users?limit=1', { token, headers });
    const second = await client.ask('GET', `/users?limit=1&after=${first.json.next}`, { token, headers });
    expect([...first.json.items, ...second.json.items]).toEqual(all.json.items);
    const one = await client.ask('GET', `/users/${ada.id}`, { token, headers });
    expect([one.status, one.json]).toEqual([200, all.json.items[0]]);
  },
};

const suspending: Chapter = {
  tells: 'T-08 suspends at once on commands and soon on reads, and tells it only with the right password',
  tell: async (told) => {
    const { client, ada, grace } = told;
    const path = `/users/${ada.id}/suspension`;
    const body = { reason: 'Reported for abuse' };
    const byAda = await client.ask('POST', `/users/${grace.id}/suspension`, { token: ada.accessToken, body });
    expect([byAda.status, slugOf(byAda)]).toEqual([403, 'forbidden']);

    const suspended = await client.ask('POST', path, { token: grace.accessToken, body });
    expect([suspended.status, suspended.json.status]).toEqual([200, 'suspended']);
    const dead = { token: ada.accessToken };
    expect((await client.ask('PUT', '/user', { ...dead, body: { name: 'Eve' } })).status).toBe(401);
    await until(async () => (await client.ask('GET', '/user', dead)).status === 401);
    const shown = await client.ask('GET', `/users/${ada.id}`, { token: grace.accessToken, headers: after(suspended) });
    expect(shown.json).toEqual(suspended.json);

    const login = (password: string) => client.ask('POST', '/auth/login', { body: { email: ada.email, password } });
    const [right, wrong] = [await login(ada.password), await login('not the one she chose')];
    expect([right.status, slugOf(right)]).toEqual([403, 'account-suspended']);
    expect([wrong.status, slugOf(wrong)]).toEqual([401, 'credentials-invalid']);
    const refresh = await client.ask('POST', '/auth/refresh', { body: { refreshToken: ada.refreshToken } });
    expect(refresh.status).toBe(401);

    const reinstated = await client.ask('DELETE', path, { token: grace.accessToken, body });
    expect([reinstated.status, reinstated.json.status]).toEqual([200, 'active']);
    await logIn(told, ada);
  },
};

const lastOne: Chapter = {
  tells: 'Z-06 leaves the last administrator his power, and finds no user where there is none',
  tell: async ({ client, grace }) => {
    const asked = { token: grace.accessToken, body: { reason: 'Tired of it' } };
    const last = await client.ask('POST', `/users/${grace.id}/suspension`, asked);
    expect([last.status, slugOf(last)]).toEqual([409, 'last-administrator']);
    const nobody = '/users/00000000-0000-4000-8000-000000000000';
    const unread = await client.ask('GET', nobody, { token: grace.accessToken });
    const unsuspended = await client.ask('POST', `${nobody}/suspension`, asked);
    expect([unread.status, unsuspended.status]).toEqual([404, 404]);
  },
};

export const administration: readonly Chapter[] = [appointing, suspending, lastOne];
