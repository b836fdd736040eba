import { expect } from '@jest/globals';
import { slugOf } from '../apiClient.js';
import { consistentWith, type Step } from './story.js';

const feed: Step = {
  title: 'F-31 lists to those who audit what was done to whom, by whom and with which request, and what they have read',
  run: async ({ client, ada, grace }) => {
    const refused = await client.ask('GET', '/audit/events', { token: ada.accessToken });
    expect([refused.status, slugOf(refused)]).toEqual([403, 'forbidden']);
    const renamed = await client.ask('PUT', '/user', { token: ada.accessToken, body: { name: 'Ada Lovelace' } });
    ada.name = 'Ada Lovelace';
    const correlationId = renamed.headers.get('x-correlation-id') ?? '';
    const asked = { token: grace.accessToken, headers: consistentWith(renamed) };
    const events = async (query: string) => (await client.ask('GET', `/audit/events?${query}`, asked)).json;
    const actor = { kind: 'user', id: ada.id };
    const rename = { userId: ada.id, type: 'UserRenamed', actor, correlationId };
    for (const query of [`user=${ada.id}&type=UserRenamed`, `correlation=${correlationId}`, `actor=${ada.id}&limit=1`])
      expect([query, (await events(query)).items[0]]).toMatchObject([query, rename]);
    const first = await events(`user=${ada.id}&order=asc&limit=1`);
    expect(first.items).toMatchObject([{ userId: ada.id, type: 'UserRegistered' }]);
    expect((await events(`user=${ada.id}&order=asc&after=${first.next}`)).items).not.toContainEqual(first.items[0]);

    for (const accept of ['application/x-ndjson', 'text/csv']) {
      const query = `/audit/events?user=${ada.id}&order=asc`;
      const all = await client.ask('GET', query, { ...asked, headers: { ...asked.headers, accept } });
      expect([all.status, all.headers.get('content-type')]).toEqual([200, expect.stringContaining(accept)]);
      for (const part of ['UserRegistered', 'UserRenamed', correlationId]) expect(all.text).toContain(part);
      for (const personal of [ada.name, ada.email]) expect(all.text).not.toContain(personal);
    }
  },
};

export const feedSteps: readonly Step[] = [feed];
