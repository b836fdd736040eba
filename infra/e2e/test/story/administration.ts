import { expect } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { slugOf } from '../apiClient.js';
import { consistentWith, logIn, type Step } from './story.js';

const appointment: Step = {
  title: 'A-07 Z-03 lists users to administrators only; the operator appoints the first one',
  run: async (story) => {
    const { client, ada, grace, appoint } = story;
    const refused = await client.ask('GET', '/users', { token: grace.accessToken });
    expect([refused.status, slugOf(refused)]).toEqual([403, 'forbidden']);
    await appoint(grace.email);
    await expect(appoint(ada.email)).rejects.toThrow('There is an active administrator already');
    const headers = consistentWith(await logIn(story, grace));
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

const directory: Step = {
  title: 'F-31 finds users by name and address, filters and counts them, with what a command has just changed',
  run: async ({ client, ada, grace }) => {
    const renamed = await client.ask('PUT', '/user', { token: ada.accessToken, body: { name: 'Ada Élisabeth King' } });
    ada.name = 'Ada Élisabeth King';
    const asked = { token: grace.accessToken, headers: consistentWith(renamed) };
    const found = async (query: string) => (await client.ask('GET', `/users?${query}`, asked)).json;
    for (const query of [
      'search=elisa',
      'search=ADA@',
      'search=king&status=active&role=user',
      'registeredTo=2999-01-01T00:00:00Z&limit=1',
    ])
      expect([query, (await found(query)).items]).toMatchObject([query, [{ id: ada.id, name: ada.name }]]);
    expect(await found('search=king&role=admin')).toEqual({ items: [], previous: null, next: null });
    const second = await found(`limit=1&after=${(await found('limit=1')).next}`);
    expect((await found(`limit=1&before=${second.previous}`)).items).toMatchObject([{ id: ada.id }]);

    const summary = await client.ask('GET', '/users/summary', asked);
    expect([summary.status, summary.json]).toMatchObject([200, { total: 2, active: { roles: { user: 2, admin: 1 } } }]);
    const refused = await client.ask('GET', '/users/summary', { token: ada.accessToken });
    expect([refused.status, slugOf(refused)]).toEqual([403, 'forbidden']);
  },
};

const suspension: Step = {
  title: 'T-08 suspends at once for commands and soon for reads; login reveals it only with the right password',
  run: async (story) => {
    const { client, ada, grace } = story;
    const path = `/users/${ada.id}/suspension`;
    const body = { reason: 'Reported for abuse' };
    const byAda = await client.ask('POST', `/users/${grace.id}/suspension`, { token: ada.accessToken, body });
    expect([byAda.status, slugOf(byAda)]).toEqual([403, 'forbidden']);

    const suspended = await client.ask('POST', path, { token: grace.accessToken, body });
    expect([suspended.status, suspended.json.status]).toEqual([200, 'suspended']);
    const revoked = { token: ada.accessToken };
    expect((await client.ask('PUT', '/user', { ...revoked, body: { name: 'Eve' } })).status).toBe(401);
    await until(async () => (await client.ask('GET', '/user', revoked)).status === 401);
    const shown = await client.ask('GET', `/users/${ada.id}`, {
      token: grace.accessToken,
      headers: consistentWith(suspended),
    });
    expect(shown.json).toEqual(suspended.json);

    const login = (password: string) => client.ask('POST', '/auth/login', { body: { email: ada.email, password } });
    const [right, wrong] = [await login(ada.password), await login('not the right password')];
    expect([right.status, slugOf(right)]).toEqual([403, 'account-suspended']);
    expect([wrong.status, slugOf(wrong)]).toEqual([401, 'credentials-invalid']);
    const refresh = await client.ask('POST', '/auth/refresh', { body: { refreshToken: ada.refreshToken } });
    expect(refresh.status).toBe(401);

    const reinstated = await client.ask('DELETE', path, { token: grace.accessToken, body });
    expect([reinstated.status, reinstated.json.status]).toEqual([200, 'active']);
    const consistent = { ...revoked, headers: consistentWith(reinstated) };
    expect((await client.ask('GET', '/user', consistent)).status).toBe(401);
    expect((await client.ask('PUT', '/user', { ...revoked, body: { name: 'Eve' } })).status).toBe(401);
    await logIn(story, ada);
  },
};

const suspensionEnd: Step = {
  title: 'ends a suspension with POST as with DELETE',
  run: async (story) => {
    const { client, ada, grace } = story;
    const path = `/users/${ada.id}/suspension`;
    const asked = { token: grace.accessToken, body: { reason: 'By mistake' } };
    expect((await client.ask('POST', path, asked)).json.status).toBe('suspended');
    const ended = await client.ask('POST', `${path}/end`, asked);
    expect([ended.status, ended.json.status]).toEqual([200, 'active']);
    await logIn(story, ada);
    const byAda = await client.ask('POST', `${path}/end`, { ...asked, token: ada.accessToken });
    expect([byAda.status, slugOf(byAda)]).toEqual([403, 'forbidden']);
  },
};

const mailBlockEnd: Step = {
  title: 'F-26 changes nothing where no mail block is to end, which only administrators may try',
  run: async (story) => {
    const { client, ada, grace } = story;
    const path = `/users/${ada.id}/mail-block/end`;
    const headers = consistentWith(await logIn(story, ada));
    const before = await client.ask('GET', `/users/${ada.id}`, { token: grace.accessToken, headers });
    const asked = { token: grace.accessToken, body: { reason: 'The mailbox was full' } };
    const ended = await client.ask('POST', path, asked);
    expect([ended.status, ended.json]).toEqual([200, before.json]);
    const byAda = await client.ask('POST', path, { ...asked, token: ada.accessToken });
    expect([byAda.status, slugOf(byAda)]).toEqual([403, 'forbidden']);
  },
};

const roles: Step = {
  title: 'T-08 replaces roles, with a password for those of power, at once for commands and soon for reads',
  run: async (story) => {
    const { client, ada, grace } = story;
    const path = `/users/${ada.id}/roles`;
    const replace = (body: object) =>
      client.ask('PUT', path, { token: grace.accessToken, body: { reason: 'Helps out', ...body } });
    const byAda = await client.ask('PUT', path, { token: ada.accessToken, body: { roles: ['admin'], reason: 'None' } });
    expect([byAda.status, slugOf(byAda)]).toEqual([403, 'forbidden']);
    const admin = { roles: ['user', 'admin'] };
    expect((await replace(admin)).json.errors).toMatchObject([{ field: 'password' }]);
    const wrong = await replace({ ...admin, password: 'not the right password' });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);

    const granted = await replace({ ...admin, password: grace.password });
    expect([granted.status, granted.json.roles]).toEqual([200, ['user', 'admin']]);
    const before = { token: ada.accessToken };
    expect((await client.ask('PUT', '/user', { ...before, body: { name: 'Eve' } })).status).toBe(401);
    await until(async () => (await client.ask('GET', '/user', before)).status === 401);
    const { json } = await client.ask('POST', '/auth/refresh', { body: { refreshToken: ada.refreshToken } });
    const headers = consistentWith(granted);
    expect((await client.ask('GET', '/users', { token: json.accessToken, headers })).status).toBe(200);

    const revoked = await replace({ roles: ['user'] });
    expect([revoked.status, revoked.json.roles]).toEqual([200, ['user']]);
    await until(async () => (await client.ask('GET', '/users', { token: json.accessToken })).status === 401);
    await logIn(story, ada);
  },
};

const lastAdministrator: Step = {
  title: 'Z-06 refuses to suspend, demote or erase the last administrator, and answers 404 for unknown users',
  run: async ({ client, grace }) => {
    const asked = { token: grace.accessToken, body: { reason: 'Leaves the team' } };
    const last = await client.ask('POST', `/users/${grace.id}/suspension`, asked);
    expect([last.status, slugOf(last)]).toEqual([409, 'last-administrator']);
    const demotion = { ...asked, body: { ...asked.body, roles: ['user'] } };
    const lastRevoked = await client.ask('PUT', `/users/${grace.id}/roles`, demotion);
    expect([lastRevoked.status, slugOf(lastRevoked)]).toEqual([409, 'last-administrator']);
    const unknown = '/users/00000000-0000-4000-8000-000000000000';
    const read = await client.ask('GET', unknown, { token: grace.accessToken });
    const suspended = await client.ask('POST', `${unknown}/suspension`, asked);
    expect([read.status, suspended.status]).toEqual([404, 404]);
    const { password } = grace;
    const erasure = { ...asked, body: { ...asked.body, password } };
    const lastErased = await client.ask('POST', `/users/${grace.id}/erasure`, erasure);
    expect([lastErased.status, slugOf(lastErased)]).toEqual([409, 'last-administrator']);
    expect((await client.ask('POST', `${unknown}/erasure`, erasure)).status).toBe(404);
  },
};

export const administrationSteps: readonly Step[] = [
  ...[appointment, directory, suspension, suspensionEnd, mailBlockEnd, roles, lastAdministrator],
];
