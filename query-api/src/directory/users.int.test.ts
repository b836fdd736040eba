import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UserPage } from '@ums/contracts/http/user';
import { type World, world } from '../../test/world.js';

let here: World;
beforeAll(async () => {
  here = await world();
});
afterAll(() => here.close());

describe('GET /user', () => {
  it('Z-05 shows the own profile and nothing that is not allowed to be shown', async () => {
    const id = randomUUID();
    await here.person({ id, name: 'Ada Lovelace', registeredAt: new Date('2026-01-02T03:04:05.678Z') });
    const response = await here.get('/user', here.token(id));
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"3"');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(await response.json()).toEqual({
      id,
      email: `${id}@example.org`,
      name: 'Ada Lovelace',
      status: 'active',
      roles: ['user'],
      registeredAt: '2026-01-02T03:04:05.678Z',
      revision: 3,
      picture: null,
    });
  });

  it('never answers 304: the ETag is a revision for If-Match', async () => {
    const id = randomUUID();
    await here.person({ id });
    const response = await here.get('/user', here.token(id), { 'if-none-match': '"3"' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id });
  });

  it('Z-02 takes the identity from the token alone', async () => {
    const [id, other] = [randomUUID(), randomUUID()];
    await here.person({ id });
    await here.person({ id: other });
    const response = await here.get(`/user?userId=${other}&sub=${other}&id=${other}&role=admin`, here.token(id), {
      'x-user-id': other,
      'x-user-sub': other,
    });
    expect(await response.json()).toMatchObject({ id, roles: ['user'] });
  });

  it('answers 503 while the profile of a living account is not folded yet, 401 once the account is erased', async () => {
    const id = randomUUID();
    const early = await here.get('/user', here.token(id));
    expect(early.status).toBe(503);
    expect(await early.json()).toMatchObject({ type: 'https://id.example.org/problems/not-yet-visible' });
    await here.vault.query('insert into data_key (subject, erased_at) values ($1, now())', [id]);
    const erased = await here.get('/user', here.token(id));
    expect(erased.status).toBe(401);
  });

  it('F-15 answers 503 for a parked profile', async () => {
    const id = randomUUID();
    await here.read.query(
      `insert into read.parked (projection, key, position, reason) values ('user_profile_v1', $1, 5, 'seal-broken')`,
      [id],
    );
    const admin = here.token(randomUUID(), { roles: ['admin'] });
    for (const response of [await here.get('/user', here.token(id)), await here.get(`/users/${id}`, admin)]) {
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('60');
      expect(await response.json()).toMatchObject({ type: 'https://id.example.org/problems/profile-unavailable' });
    }
  });
});

describe('GET /users/{id}', () => {
  it('shows any user to administrators, and 404 for nobody', async () => {
    const id = randomUUID();
    await here.person({ id, name: 'Grace' });
    const admin = here.token(randomUUID(), { roles: ['user', 'admin'] });
    expect(await (await here.get(`/users/${id}`, admin)).json()).toMatchObject({ id, name: 'Grace' });
    const nobody = await here.get(`/users/${randomUUID()}`, admin);
    expect(nobody.status).toBe(404);
    expect(nobody.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each(['not-a-uuid', '1', '%00', '..%2f', "1'%20or%201=1", 'a'.repeat(200)])(
    'I-01 refuses the id %s without repeating it',
    async (id) => {
      const response = await here.get(`/users/${id}`, here.token(randomUUID(), { roles: ['admin'] }));
      expect([400, 404]).toContain(response.status);
      expect(await response.text()).not.toContain('not-a-uuid');
    },
  );
});

describe('GET /users', () => {
  const admin = () => here.token(randomUUID(), { roles: ['admin'] });
  const page = async (query: string): Promise<UserPage> => {
    const response = await here.get(`/users${query}`, admin());
    expect(response.status).toBe(200);
    return (await response.json()) as UserPage;
  };
  const walk = async (limit: number, between: () => Promise<void> = async () => undefined): Promise<string[]> => {
    const ids: string[] = [];
    for (let query = `?limit=${limit}`; ; ) {
      const { items, next } = await page(query);
      ids.push(...items.map(({ id }) => id));
      if (next === null) return ids;
      await between();
      query = `?limit=${limit}&after=${encodeURIComponent(next)}`;
    }
  };
  beforeEach(() => here.read.query('truncate read.user_profile_v1'));

  it('is empty when there is nobody', async () => {
    expect(await page('')).toEqual({ items: [], next: null });
  });

  it('walks everybody exactly once in order of registration, many registered in the same millisecond', async () => {
    const times = Array.from({ length: 23 }, (_, index) => new Date(1_770_000_000_000 + Math.floor(index / 5)));
    const people = times.map((registeredAt) => ({ id: randomUUID(), registeredAt }));
    for (const person of [...people].reverse()) await here.person(person);
    const expected = [...people]
      .sort((a, b) => a.registeredAt.getTime() - b.registeredAt.getTime() || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id);
    for (const limit of [1, 4, 23, 100]) expect(await walk(limit)).toEqual(expected);
  });

  it('neither skips nor repeats anybody while others register and are erased', async () => {
    const people = Array.from({ length: 20 }, (_, index) => ({
      id: randomUUID(),
      registeredAt: new Date(1_770_000_000_000 + index * 1_000),
    }));
    for (const person of people) await here.person(person);
    const ids: string[] = people.map(({ id }) => id);
    let steps = 0;
    const seen = await walk(3, async () => {
      steps++;
      await here.person({ id: randomUUID(), registeredAt: new Date(1_770_000_000_000 + 100_000 + steps) });
      await here.person({ id: randomUUID(), registeredAt: new Date(1_770_000_000_000 + 500) });
      if (steps === 1)
        await here.read.query('delete from read.user_profile_v1 where user_id = any($1)', [ids.slice(0, 3)]);
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => ids.includes(id))).toEqual(ids);
  });

  it('shows 50 unless asked otherwise, and ends exactly at a full page', async () => {
    for (let index = 0; index < 51; index++) await here.person({ id: randomUUID() });
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
  ])('I-02 I-03 refuses %s, naming the field and never the value', async (query, field) => {
    const response = await here.get(`/users?${query}`, admin());
    if (field === undefined) return expect(response.status).toBeLessThan(500);
    expect(response.status).toBe(400);
    const body = (await response.json()) as { errors: { field: string; message: string }[] };
    expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
    expect(JSON.stringify(body)).not.toMatch(/one-hundred|bm90|1e400|9999/);
  });
});
