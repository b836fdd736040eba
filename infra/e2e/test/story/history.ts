import { expect } from '@jest/globals';
import { slugOf } from '../apiClient.js';
import type { Step } from './story.js';

const masked = { masked: true };
const erased = { erased: true };

interface Entry {
  stream: string;
  revision: number;
  type: string;
  changes: object[];
}

const ownHistory: Step = {
  title: 'shows users their own history in clear, with their sessions and page by page, and their profile as it was',
  run: async ({ client, ada }) => {
    const token = ada.accessToken;
    const read = async (query = ''): Promise<Entry[]> =>
      (await client.ask('GET', `/user/history${query}`, { token })).json.items;
    const all = await read();
    expect(all.find(({ type }) => type === 'UserRenamed')).toMatchObject({
      actor: { kind: 'user', id: ada.id },
      changes: [{ field: 'name', before: 'Ada Byron', after: ada.name }],
    });
    expect(all.find(({ type }) => type === 'UserSuspended')).toMatchObject({
      ...{ actor: { kind: 'admin' }, source: masked },
      changes: [{ field: 'status', before: 'active', after: 'suspended' }],
    });
    const first = await client.ask('GET', '/user/history?limit=2&order=asc', { token });
    const second = await client.ask('GET', `/user/history?limit=2&order=asc&after=${first.json.next}`, { token });
    expect([...first.json.items, ...second.json.items]).toEqual(all.toReversed().slice(0, 4));
    expect(await read('?include=sessions')).toContainEqual(
      expect.objectContaining({
        stream: 'signin',
        type: 'SessionStarted',
        source: expect.objectContaining({ ip: '127.0.0.1' }),
      }),
    );
    expect((await client.ask('GET', '/user/history')).status).toBe(401);

    const past = await client.ask('GET', '/user?asOf=1', { token });
    expect([past.status, past.json]).toMatchObject([200, { name: 'Ada King', revision: 1, locale: 'en' }]);
    expect((await client.ask('GET', '/user?asOf=2000-01-01T00:00:00Z', { token })).status).toBe(404);
  },
};

const historyOfOthers: Step = {
  title: 'G-09 Z-07 masks histories and past profiles of others, and shows their users who read them',
  run: async ({ client, ada, grace }) => {
    const path = `/users/${ada.id}`;
    const token = grace.accessToken;
    const read = await client.ask('GET', `${path}/history?order=asc`, { token });
    expect(read.status).toBe(200);
    expect(read.json.items[1]).toMatchObject({
      ...{ type: 'UserRenamed', revision: 1, source: masked },
      changes: [{ field: 'name', before: masked, after: masked }],
    });
    for (const secret of [ada.email, 'Ada', 'Reported for abuse', '127.0.0.1']) expect(read.text).not.toContain(secret);
    const past = await client.ask('GET', `${path}?asOf=1`, { token });
    expect([past.status, past.json]).toMatchObject([
      200,
      { email: masked, name: masked, status: 'active', revision: 1 },
    ]);
    const byAda = await client.ask('GET', `/users/${grace.id}/history`, { token: ada.accessToken });
    expect([byAda.status, slugOf(byAda)]).toEqual([403, 'forbidden']);

    const { json } = await client.ask('GET', '/user/history', { token: ada.accessToken });
    const reads = json.items.filter(({ stream }: Entry) => stream === 'access');
    expect(reads).toMatchObject(
      ['as-of', 'history'].map((asked) => ({ actor: { kind: 'admin', id: grace.id }, read: { asked, grantId: null } })),
    );
  },
};

export const historySteps: readonly Step[] = [ownHistory, historyOfOthers];

export const erasedHistory: Step = {
  title: 'G-02 keeps the history of an erased user without its values, and answers 410 for the profile since then',
  run: async ({ client, ada, grace }) => {
    const asked = { token: grace.accessToken };
    const { json, text } = await client.ask('GET', `/users/${ada.id}/history?include=sessions`, asked);
    expect(json.items.at(-1)).toMatchObject({
      type: 'UserRegistered',
      changes: expect.arrayContaining([{ field: 'email', before: null, after: erased }]),
    });
    for (const secret of [ada.email, 'Ada again', '127.0.0.1']) expect(text).not.toContain(secret);
    const now = await client.ask('GET', `/users/${ada.id}?asOf=2999-01-01T00:00:00Z`, asked);
    expect([now.status, slugOf(now)]).toEqual([410, 'user-erased']);
    expect(Date.parse(now.json.erasedAt)).toBeLessThanOrEqual(Date.now());
    const past = await client.ask('GET', `/users/${ada.id}?asOf=0`, asked);
    expect([past.status, past.json]).toMatchObject([200, { email: erased, name: erased, revision: 0 }]);
  },
};
