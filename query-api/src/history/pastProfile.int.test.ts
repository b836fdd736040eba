import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { renamed, type UserHistories, userHistories } from '../../test/userHistories.js';
import { createWorld, type World } from '../../test/world.js';

const masked = { masked: true };
const erased = { erased: true };
const DAYS = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'] as const;
const noonOf = (day: string): Date => new Date(`${day}T12:00:00.000Z`);

let world: World;
let histories: UserHistories;
let auditorId: string;
let auditor: string;
let admin: string;
beforeAll(async () => {
  world = await createWorld();
  histories = userHistories(world);
  auditorId = await histories.register();
  await histories.change(auditorId, [{ type: 'RoleGranted', data: { role: 'auditor' } }]);
  auditor = world.token(auditorId, { roles: ['auditor'] });
  admin = world.token(await histories.addKey(), { roles: ['admin'] });
});
afterAll(async () => {
  await histories.close();
  await world.close();
});

/** A user who registered on the first day, and was renamed on the second and the third. */
const aStory = async (): Promise<string> => {
  const userId = await histories.register(noonOf(DAYS[0]));
  await histories.change(userId, [renamed('Ada King')], { at: noonOf(DAYS[1]) });
  await histories.change(userId, [renamed('Ada Byron')], { at: noonOf(DAYS[2]) });
  return userId;
};

const ask = async (path: string, token: string) => {
  const response = await world.get(path, token);
  // biome-ignore lint/suspicious/noExplicitAny: bodies of several shapes
  const body = (await response.json()) as any;
  return { status: response.status, etag: response.headers.get('etag'), body };
};

describe('GET /user?asOf=', () => {
  it('shows the own profile as it was, in clear', async () => {
    const userId = await aStory();
    const nameAt = async (asOf: string) => (await ask(`/user?asOf=${asOf}`, world.token(userId))).body.name;
    expect(await nameAt('0')).toBe('Ada');
    expect(await nameAt('2')).toBe('Ada Byron');
    expect(await nameAt(`${DAYS[1]}T11:59:59.999Z`)).toBe('Ada');
    expect(await nameAt(`${DAYS[1]}T12:00:00Z`)).toBe('Ada King');
    expect(await nameAt(`${DAYS[1]}T13:59:59.999%2B02:00`)).toBe('Ada');
    expect(await nameAt(`${DAYS[1]}T14:00:00%2B02:00`)).toBe('Ada King');
    expect(await nameAt(`${DAYS[1]}T14:00:00+02:00`)).toBe('Ada King');
    expect(await nameAt('2999-01-01T00:00:00Z')).toBe('Ada Byron');
    const { etag, body } = await ask('/user?asOf=1', world.token(userId));
    expect(etag).toBe('"1"');
    expect(body).toEqual({
      ...{ id: userId, email: 'ada@example.org', name: 'Ada King', status: 'active', roles: ['user'], locale: 'en' },
      ...{ registeredAt: '2026-01-01T12:00:00.000Z', revision: 1, picture: null, mailBlock: null },
    });
    expect(await histories.readsOf(userId)).toEqual([]);
  });

  it('answers 404 before the first event and for a revision to come, and 401 after the erasure', async () => {
    const userId = await aStory();
    const token = world.token(userId);
    for (const asOf of [`${DAYS[0]}T11:59:59Z`, '3', '999999999999999'])
      expect((await ask(`/user?asOf=${asOf}`, token)).status).toBe(404);
    await histories.erase(userId);
    for (const asOf of ['0', '3']) expect((await ask(`/user?asOf=${asOf}`, token)).status).toBe(401);
  });

  it.each(['-1', 'now', '2026-01-01T12:00:00', '2026-02-30T12:00:00Z', '2026-01-01', '01'])(
    'I-02 refuses %j and names the parameter',
    async (asOf) => {
      const { status, body } = await ask(`/user?asOf=${asOf}`, world.token(randomUUID()));
      expect([status, body.errors]).toMatchObject([400, [{ field: 'asOf' }]]);
    },
  );
});

describe('GET /users/{id}?asOf=', () => {
  it('G-09 masks name and address for administrators as for auditors, and records the read', async () => {
    const userId = await aStory();
    for (const token of [auditor, admin]) {
      const { status, etag, body } = await ask(`/users/${userId}?asOf=1`, token);
      expect([status, etag]).toEqual([200, '"1"']);
      expect(body).toMatchObject({ id: userId, email: masked, name: masked, status: 'active', revision: 1 });
    }
    const read = { userId, asked: 'as-of', grantId: null, reads: 1 };
    expect(await histories.readsOf(userId)).toEqual([read, read]);
  });

  it('G-09 shows values under an open grant', async () => {
    const userId = await aStory();
    const grantId = await histories.grant(auditorId, userId);
    const { body } = await ask(`/users/${userId}?asOf=1&grant=${grantId}`, auditor);
    expect(body).toMatchObject({ email: 'ada@example.org', name: 'Ada King' });
    expect(await histories.readsOf(userId)).toEqual([{ userId, asked: 'as-of', grantId, reads: 1 }]);
  });

  it('shows auditors the profile of now without asOf, and administrators the one of the read model', async () => {
    const userId = await aStory();
    await world.addUser({ id: userId, name: 'Of the read model' });
    expect((await ask(`/users/${userId}`, admin)).body.name).toBe('Of the read model');
    expect(await histories.readsOf(userId)).toEqual([]);
    expect((await ask(`/users/${userId}`, auditor)).body).toMatchObject({ name: masked, revision: 2 });
    expect(await histories.readsOf(userId)).toHaveLength(1);
  });

  it('G-02 answers 410 with the time after an erasure, and erased values before it', async () => {
    const userId = await aStory();
    await histories.erase(userId, noonOf(DAYS[3]));
    const { status, body } = await ask(`/users/${userId}?asOf=2999-01-01T00:00:00Z`, auditor);
    expect([status, body.type]).toEqual([410, 'https://id.example.org/problems/user-erased']);
    expect(body.erasedAt).toBe(`${DAYS[3]}T12:00:00.000Z`);
    expect(await histories.readsOf(userId)).toMatchObject([{ userId, asked: 'as-of' }]);
    const past = await ask(`/users/${userId}?asOf=${DAYS[2]}T12:00:00Z`, admin);
    expect(past.body).toMatchObject({ email: erased, name: erased, roles: ['user'], revision: 2 });
  });

  it('says of a revision to come that the user has not reached it', async () => {
    const { status, body } = await ask(`/users/${await aStory()}?asOf=3`, auditor);
    expect([status, body.detail]).toEqual([404, 'The user has not reached this revision.']);
  });

  it('answers 404 for an unknown id and before the first event', async () => {
    const userId = await aStory();
    for (const path of [`/users/${randomUUID()}?asOf=0`, `/users/${userId}?asOf=2000-01-01T00:00:00Z`])
      expect((await ask(path, auditor)).status).toBe(404);
  });
});
