import { expect } from '@jest/globals';
import { slugOf } from '../apiClient.js';
import { consistentWith, type Step } from './story.js';

const rename: Step = {
  title: 'F-31 reads a new name at once; the same name again appends no event, and a stale ETag is refused',
  run: async ({ client, ada }) => {
    const token = ada.accessToken;
    const put = (name: string, headers: Record<string, string> = {}) =>
      client.ask('PUT', '/user', { token, body: { name }, headers });
    const renamed = await put('Ada King', { 'if-match': '"0"' });
    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"1"']);
    expect(renamed.json).toMatchObject({ name: 'Ada King', revision: 1 });
    ada.name = 'Ada King';
    const read = await client.ask('GET', '/user', { token, headers: consistentWith(renamed) });
    expect([read.json, read.headers.get('etag')]).toEqual([renamed.json, '"1"']);

    const unchanged = await put('Ada King');
    expect([unchanged.status, unchanged.json, consistentWith(unchanged)]).toEqual([
      200,
      renamed.json,
      consistentWith(renamed),
    ]);
    const stale = await put('Ada', { 'if-match': '"0"' });
    expect([stale.status, slugOf(stale)]).toEqual([412, 'stale-revision']);
  },
};

const idempotency: Step = {
  title: 'F-01 answers a repeat under an Idempotency-Key alike, and refuses another request under that key with 422',
  run: async ({ client, ada }) => {
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

export const profileSteps: readonly Step[] = [rename, idempotency];
