import { expect } from '@jest/globals';
import { slugOf } from '../apiClient.js';
import { after, type Chapter } from './told.js';

const renaming: Chapter = {
  tells: 'F-31 renames and reads it at once; the same name again is no event, and a stale ETag is refused',
  tell: async ({ client, ada }) => {
    const token = ada.accessToken;
    const put = (name: string, headers: Record<string, string> = {}) =>
      client.ask('PUT', '/user', { token, body: { name }, headers });
    const renamed = await put('Ada King', { 'if-match': '"0"' });
    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"1"']);
    expect(renamed.json).toMatchObject({ name: 'Ada King', revision: 1 });
    ada.name = 'Ada King';
    const read = await client.ask('GET', '/user', { token, headers: after(renamed) });
    expect([read.json, read.headers.get('etag')]).toEqual([renamed.json, '"1"']);

    const unchanged = await put('Ada King');
    expect([unchanged.status, unchanged.json, after(unchanged)]).toEqual([200, renamed.json, after(renamed)]);
    const stale = await put('Ada', { 'if-match': '"0"' });
    expect([stale.status, slugOf(stale)]).toEqual([412, 'stale-revision']);
  },
};

const repeating: Chapter = {
  tells: 'F-01 answers a repeat under one Idempotency-Key alike, and refuses another request under it with 422',
  tell: async ({ client, ada }) => {
    const headers = { 'idempotency-key': 'the first rename' };
    const put = (name: string) => client.ask('PUT', '/user', { token: ada.accessToken, body: { name }, headers });
    expect((await put('Ada')).status).toBe(400);
    headers['idempotency-key'] = 'rename-1';
    const [first, repeat, other] = [await put('Ada Byron'), await put('Ada Byron'), await put('Ada')];
    expect([first.status, repeat.status, repeat.text]).toEqual([200, 200, first.text]);
    expect([other.status, slugOf(other)]).toEqual([422, 'idempotency-key-reused']);
    ada.name = 'Ada Byron';
  },
};

export const profile: readonly Chapter[] = [renaming, repeating];
