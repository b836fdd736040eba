import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UserPage } from '@ums/contracts/http/directory';
import { createWorld, type World } from '../../test/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('GET /users/{id}', () => {
  it('returns any user to administrators, and 404 for an unknown id', async () => {
    const id = randomUUID();
    await world.addUser({ id, name: 'Grace' });
    const admin = world.token(randomUUID(), { roles: ['user', 'admin'] });
    for (const spelling of [id, id.toUpperCase()]) {
      const response = await world.get(`/users/${spelling}`, admin);
      expect(response.headers.get('etag')).toBe('"3"');
      expect(await response.json()).toMatchObject({ id, name: 'Grace' });
    }
    const unknown = await world.get(`/users/${randomUUID()}`, admin);
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get('content-type')).toContain('application/problem+json');
  });

  it('F-15 answers 503 for a parked profile', async () => {
    const id = randomUUID();
    await world.parkUser(id);
    const response = await world.get(`/users/${id}`, world.token(randomUUID(), { roles: ['admin'] }));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('60');
    expect(await response.json()).toMatchObject({ type: 'https://id.example.org/problems/profile-unavailable' });
  });

  it.each(['not-a-uuid', '1', '%00', '..%2f', "1'%20or%201=1", 'a'.repeat(200)])(
    'I-01 refuses the id %s without repeating it in the answer',
    async (id) => {
      const response = await world.get(`/users/${id}`, world.token(randomUUID(), { roles: ['admin'] }));
      expect([400, 404]).toContain(response.status);
      expect(await response.text()).not.toContain('not-a-uuid');
    },
  );
});

describe('GET /users', () => {
  const admin = () => world.token(randomUUID(), { roles: ['admin'] });
  const page = async (query: string): Promise<UserPage> => {
    const response = await world.get(`/users${query}`, admin());
    expect(response.status).toBe(200);
    return (await response.json()) as UserPage;
  };
  const listAll = async (limit: number, between: () => Promise<void> = async () => undefined): Promise<string[]> => {
    const ids: string[] = [];
    for (let query = `?limit=${limit}`; ; ) {
      const { items, next } = await page(query);
      ids.push(...items.map(({ id }) => id));
      if (next === null) return ids;
      await between();
      query = `?limit=${limit}&after=${encodeURIComponent(next)}`;
    }
  };
  beforeEach(() => world.read.query('truncate read.user_profile_v1'));

  it('is empty without users', async () => {
    expect(await page('')).toEqual({ items: [], previous: null, next: null });
  });

  it('lists all users exactly once in order of registration, also those of the same millisecond', async () => {
    const times = Array.from({ length: 23 }, (_, index) => new Date(1_770_000_000_000 + Math.floor(index / 5)));
    const users = times.map((registeredAt) => ({ id: randomUUID(), registeredAt }));
    for (const user of [...users].reverse()) await world.addUser(user);
    const expected = [...users]
      .sort((a, b) => a.registeredAt.getTime() - b.registeredAt.getTime() || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id);
    for (const limit of [1, 4, 23, 100]) expect(await listAll(limit)).toEqual(expected);
  });

  it('neither skips nor repeats users while others register and are erased', async () => {
    const users = Array.from({ length: 20 }, (_, index) => ({
      id: randomUUID(),
      registeredAt: new Date(1_770_000_000_000 + index * 1_000),
    }));
    for (const user of users) await world.addUser(user);
    const ids: string[] = users.map(({ id }) => id);
    let steps = 0;
    const listed = await listAll(3, async () => {
      steps++;
      await world.addUser({ id: randomUUID(), registeredAt: new Date(1_770_000_000_000 + 100_000 + steps) });
      await world.addUser({ id: randomUUID(), registeredAt: new Date(1_770_000_000_000 + 500) });
      if (steps === 1)
        await world.read.query('delete from read.user_profile_v1 where user_id = any($1)', [ids.slice(0, 3)]);
    });
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.filter((id) => ids.includes(id))).toEqual(ids);
  });

  it('has 50 users per page by default, and no next page after an exactly full one', async () => {
    for (let index = 0; index < 51; index++) await world.addUser({ id: randomUUID() });
    expect((await page('')).items).toHaveLength(50);
    expect((await page('?limit=51')).next).toBeNull();
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=-0.5', 'limit'],
    ['limit=1e400', 'limit'],
    ['limit=99999999999999999999', 'limit'],
    ['limit=one-hundred', 'limit'],
    ['limit=', 'limit'],
    ['limit=%2B5', 'limit'],
    ['limit=007', 'limit'],
    ['limit=5&offset=10', 'offset'],
    ['limit=1&limit=2', 'limit'],
    ['limit[]=5&limit[]=6', undefined],
    ['after=', 'after'],
    ['after=bm90IGEgY3Vyc29y', 'after'],
    [`after=${'a'.repeat(101)}`, 'after'],
    [
      `after=${Buffer.from(`0000-01-01T00:00:00.000Z ${'0'.repeat(8)}-0000-0000-0000-000000000000`).toString('base64url')}`,
      'after',
    ],
    [
      `after=${Buffer.from(`2026-02-31T00:00:00.000Z ${'0'.repeat(8)}-0000-0000-0000-000000000000`).toString('base64url')}`,
      'after',
    ],
  ])('I-02 I-03 refuses %s and names the field, never the value', async (query, field) => {
    const response = await world.get(`/users?${query}`, admin());
    if (field === undefined) return expect(response.status).toBeLessThan(500);
    expect(response.status).toBe(400);
    // The id of a request may hold any digits.
    const { requestId: _requestId, ...body } = (await response.json()) as {
      requestId: string;
      errors: { field: string; message: string }[];
    };
    expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
    expect(JSON.stringify(body)).not.toMatch(/one-hundred|bm90|1e400|9999/);
  });
});
