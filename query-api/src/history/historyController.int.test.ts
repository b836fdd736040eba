import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HistoryEntry, HistoryPage } from '@ums/contracts/http/history';
import { accessStream } from '@ums/contracts/streams';
import { renamed, SOURCE, type UserHistories, userHistories } from '../../test/userHistories.js';
import { createWorld, type World } from '../../test/world.js';

const masked = { masked: true };
const erased = { erased: true };

let world: World;
let histories: UserHistories;
let auditorId: string;
let auditor: string;
beforeAll(async () => {
  world = await createWorld();
  histories = userHistories(world);
  auditorId = await histories.register();
  await histories.change(auditorId, [{ type: 'RoleGranted', data: { role: 'auditor' } }]);
  auditor = world.token(auditorId, { roles: ['auditor'] });
});
afterAll(async () => {
  await histories.close();
  await world.close();
});

const read = async (path: string, token: string): Promise<HistoryPage> => {
  const response = await world.get(path, token);
  const page = (await response.json()) as HistoryPage;
  expect([response.status, page]).toMatchObject([200, { items: expect.any(Array) }]);
  expect(response.headers.get('cache-control')).toContain('no-store');
  return page;
};

const summary = ({ items }: HistoryPage) => items.map(({ revision, type, changes }) => [revision, type, changes]);

/** A user who was renamed and suspended by an administrator. */
const aStory = async () => {
  const userId = await histories.register();
  const by = { kind: 'admin', id: await histories.addKey() } as const;
  await histories.change(userId, [renamed('Ada King')]);
  await histories.change(userId, [{ type: 'UserSuspended', data: {} }], { by, reason: 'canary reason' });
  return { userId, by };
};

describe('GET /user/history', () => {
  it('shows what happened in clear, newest first, except where another person was', async () => {
    const { userId, by } = await aStory();
    const page = await read('/user/history', world.token(userId));
    expect(summary(page).slice(0, 2)).toEqual([
      [2, 'UserSuspended', [{ field: 'status', before: 'active', after: 'suspended' }]],
      [1, 'UserRenamed', [{ field: 'name', before: 'Ada', after: 'Ada King' }]],
    ]);
    const [suspended, renaming, registered] = page.items;
    expect(suspended).toMatchObject({ actor: by, reason: 'canary reason', source: masked, stream: 'user' });
    expect(renaming).toMatchObject({ actor: { kind: 'user', id: userId }, reason: null, source: SOURCE });
    expect(registered?.changes.at(-1)).toEqual({ field: 'password' });
    expect(JSON.stringify(page)).not.toContain('canary hash');
    expect([page.previous, page.next]).toEqual([null, null]);
    const positions = page.items.map(({ position }) => BigInt(position));
    expect(positions).toEqual([...positions].sort((a, b) => (a < b ? 1 : -1)));
    expect(await histories.readsOf(userId)).toEqual([]);
  });

  it('merges sessions, with their ids and ends', async () => {
    const userId = await histories.register();
    const sessionId = randomUUID();
    await histories.session(userId, { type: 'SessionStarted', data: { sessionId } });
    await histories.change(userId, [renamed('Ada King')]);
    await histories.session(userId, { type: 'SessionEnded', data: { sessionId, reason: 'logout' } });
    const page = await read('/user/history?include=sessions&order=asc', world.token(userId));
    expect(page.items.map(({ stream, revision, session }) => [stream, revision, session])).toEqual([
      ['user', 0, undefined],
      ['signin', 0, { id: sessionId, ended: null }],
      ['user', 1, undefined],
      ['signin', 1, { id: sessionId, ended: 'logout' }],
    ]);
    expect(page.items[1]).toMatchObject({ source: SOURCE, changes: [] });
    expect((await read('/user/history', world.token(userId))).items).toHaveLength(2);
  });

  it('lists who read the history', async () => {
    const userId = await histories.register();
    const actor = { kind: 'auditor', id: auditorId };
    const metadata = { $correlationId: randomUUID(), $causationId: randomUUID(), actor, at: new Date().toISOString() };
    const data = { userId, asked: 'history', grantId: null, reads: 2 };
    await histories.append(accessStream(userId), { type: 'HistoryRead', data, metadata });
    const { items } = await read('/user/history', world.token(userId));
    expect(items[0]).toMatchObject({ stream: 'access', revision: 0, type: 'HistoryRead', actor, changes: [] });
    expect(items[0]?.read).toEqual({ asked: 'history', grantId: null, reads: 2 });
    expect((await read(`/users/${userId}/history`, auditor)).items).toHaveLength(1);
  });

  it('G-02 answers 401 once the user is erased, and for a user without events', async () => {
    const userId = await histories.register();
    const token = world.token(userId);
    await histories.erase(userId);
    expect((await world.get('/user/history', token)).status).toBe(401);
    expect((await world.get('/user/history', world.token(randomUUID()))).status).toBe(401);
  });
});

describe('GET /users/{id}/history', () => {
  it.each(['auditor', 'admin'] as const)(
    'G-09 shows the role %s which fields changed, and not what they held',
    async (role) => {
      const { userId, by } = await aStory();
      const reader = await histories.addKey();
      const page = await read(`/users/${userId}/history`, world.token(reader, { roles: [role] }));
      expect(summary(page)).toEqual([
        [2, 'UserSuspended', [{ field: 'status', before: 'active', after: 'suspended' }]],
        [1, 'UserRenamed', [{ field: 'name', before: masked, after: masked }]],
        [
          0,
          'UserRegistered',
          [
            { field: 'email', before: null, after: masked },
            { field: 'name', before: null, after: masked },
            { field: 'status', before: null, after: 'active' },
            { field: 'roles', before: null, after: ['user'] },
            { field: 'locale', before: null, after: 'en' },
            { field: 'registeredAt', before: null, after: page.items[2]?.at },
            { field: 'password' },
          ],
        ],
      ]);
      expect(page.items[0]).toMatchObject({ actor: by, reason: masked, source: masked });
      expect(page.items[1]).toMatchObject({ reason: null, source: masked });
      expect(JSON.stringify(page)).not.toMatch(/canary|Ada|ada@|192\.0\.2/);
    },
  );

  it('G-09 shows values under an open grant, except where another person was', async () => {
    const { userId } = await aStory();
    const grantId = await histories.grant(auditorId, userId);
    const [suspended, renaming] = (await read(`/users/${userId}/history?grant=${grantId}`, auditor)).items;
    expect(suspended).toMatchObject({ reason: 'canary reason', source: masked });
    expect(renaming).toMatchObject({ source: SOURCE, changes: [{ before: 'Ada', after: 'Ada King' }] });
    expect(await histories.readsOf(userId)).toEqual([{ userId, asked: 'history', grantId, reads: 1 }]);

    const inUpperCase = await read(`/users/${userId.toUpperCase()}/history?grant=${grantId.toUpperCase()}`, auditor);
    expect(inUpperCase.items.slice(0, 2)).toEqual([suspended, renaming]);

    const other = await histories.register();
    const closed = await read(`/users/${other}/history?grant=${grantId}`, auditor);
    expect(closed.items[0]?.changes[0]).toEqual({ field: 'email', before: null, after: masked });
    expect(await histories.readsOf(other)).toEqual([{ userId: other, asked: 'history', grantId: null, reads: 1 }]);
  });

  it('G-02 keeps the history of an erased user, with erased values', async () => {
    const { userId } = await aStory();
    await histories.erase(userId);
    const page = await read(`/users/${userId}/history`, auditor);
    const [started, suspended, renaming] = page.items;
    expect(started?.changes.slice(0, 2)).toEqual([
      { field: 'email', before: erased, after: null },
      { field: 'name', before: erased, after: null },
    ]);
    expect(suspended).toMatchObject({ reason: erased, source: masked });
    expect(renaming).toMatchObject({ source: erased, changes: [{ field: 'name', before: erased, after: erased }] });
    expect(JSON.stringify(page)).not.toMatch(/canary|Ada|ada@|192\.0\.2/);
  });

  it('reads pages in both directions', async () => {
    const userId = await histories.register();
    for (const name of ['B', 'C', 'D', 'E']) await histories.change(userId, [renamed(name)]);
    const path = `/users/${userId}/history?limit=2`;
    const revisions = ({ items }: HistoryPage) => items.map(({ revision }: HistoryEntry) => revision);
    const first = await read(path, auditor);
    const second = await read(`${path}&after=${first.next}`, auditor);
    const third = await read(`${path}&after=${second.next}`, auditor);
    expect([first, second, third].map(revisions)).toEqual([[4, 3], [2, 1], [0]]);
    expect(third.next).toBeNull();
    expect(await read(`${path}&before=${third.previous}`, auditor)).toEqual(second);
    const oldest = await read(`${path}&order=asc`, auditor);
    expect(revisions(oldest)).toEqual([0, 1]);
    expect(revisions(await read(`${path}&order=asc&after=${oldest.next}`, auditor))).toEqual([2, 3]);
  });

  it('answers 404 for an unknown id, and records no read', async () => {
    const unknown = randomUUID();
    expect((await world.get(`/users/${unknown}/history`, auditor)).status).toBe(404);
    expect(await histories.readsOf(unknown)).toEqual([]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    ['order=up', 'order'],
    ['include=all', 'include'],
    ['grant=1', 'grant'],
    ['after=nonsense', 'after'],
    [`before=${Buffer.from('u1 s1 ').toString('base64url')}`, 'before'],
    ['after=dTE&before=dTE', 'before'],
    ['page=1', 'page'],
  ])('I-02 refuses %s and names the parameter', async (query, field) => {
    const response = await world.get(`/users/${randomUUID()}/history?${query}`, auditor);
    const { errors } = (await response.json()) as { errors: { field: string }[] };
    expect([response.status, errors.map((error) => error.field)]).toEqual([400, [field]]);
  });
});
