import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createWorld, type World } from '../../test/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('GET /user', () => {
  it('Z-05 returns the own profile with the allowed fields and no others', async () => {
    const id = randomUUID();
    await world.addUser({ id, name: 'Ada Lovelace', locale: 'de', registeredAt: new Date('2026-01-02T03:04:05.678Z') });
    const response = await world.get('/user', world.token(id));
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"3"');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(await response.json()).toEqual({
      id,
      email: `${id}@example.org`,
      name: 'Ada Lovelace',
      status: 'active',
      roles: ['user'],
      locale: 'de',
      registeredAt: '2026-01-02T03:04:05.678Z',
      revision: 3,
      picture: null,
      mailBlock: null,
    });
  });

  it('F-26 says why the address gets no mail', async () => {
    const id = randomUUID();
    const mailBlock = { kind: 'complaint', since: '2026-01-03T12:00:00.000Z' } as const;
    await world.addUser({ id, mailBlock });
    expect(await (await world.get('/user', world.token(id))).json()).toMatchObject({ id, mailBlock });
    const admin = world.token(randomUUID(), { roles: ['admin'] });
    expect(await (await world.get(`/users/${id}`, admin)).json()).toMatchObject({ id, mailBlock });
    const { items } = (await (await world.get('/users?limit=100', admin)).json()) as { items: object[] };
    expect(items).toContainEqual(expect.objectContaining({ id, mailBlock }));
  });

  it('never answers 304, because the ETag is a revision for If-Match', async () => {
    const id = randomUUID();
    await world.addUser({ id });
    const response = await world.get('/user', world.token(id), { 'if-none-match': '"3"' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id });
  });

  it('Z-02 takes the identity from the token only', async () => {
    const [id, other] = [randomUUID(), randomUUID()];
    await world.addUser({ id });
    await world.addUser({ id: other });
    const headers = { 'x-user-id': other, 'x-user-sub': other };
    const response = await world.get('/user', world.token(id), headers);
    expect(await response.json()).toMatchObject({ id, roles: ['user'] });
    for (const name of ['userId', 'sub', 'id', 'role'])
      expect((await world.get(`/user?${name}=${other}`, world.token(id))).status).toBe(400);
  });

  it('answers 503 while the profile is not projected yet, and 401 once the account is erased', async () => {
    const id = randomUUID();
    const early = await world.get('/user', world.token(id));
    expect(early.status).toBe(503);
    expect(await early.json()).toMatchObject({ type: 'https://id.example.org/problems/not-yet-visible' });
    await world.vault.query('insert into data_key (subject, erased_at) values ($1, now())', [id]);
    const erased = await world.get('/user', world.token(id));
    expect(erased.status).toBe(401);
  });

  it('F-15 answers 503 for a parked profile', async () => {
    const id = randomUUID();
    await world.parkUser(id);
    const response = await world.get('/user', world.token(id));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('60');
    expect(await response.json()).toMatchObject({ type: 'https://id.example.org/problems/profile-unavailable' });
  });
});
