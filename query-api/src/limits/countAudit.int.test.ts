import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROUTES } from '@ums/contracts/routes';
import { stoppedClock } from '../../../infra/kit/test/testClock.js';
import { type UserHistories, userHistories } from '../../test/userHistories.js';
import { createWorld, type World } from '../../test/world.js';

const LIMIT = 5;
const AUDITS = ROUTES.filter(
  ({ owner, access }) => owner === 'query-api' && typeof access === 'object' && access.includes('auditor'),
).map(({ path }) => path);

let world: World;
let histories: UserHistories;
let userId: string;
beforeAll(async () => {
  world = await createWorld({ LIMIT_READS_PER_AUDITOR: LIMIT }, stoppedClock());
  histories = userHistories(world);
  userId = await histories.register();
});
afterAll(async () => {
  await histories.close();
  await world.close();
});

const newReader = async (role: 'auditor' | 'admin') => {
  const id = await histories.register();
  return { id, token: world.token(id, { roles: ['user', role] }) };
};
const askWith = (token: string) => (path: string, id: string) => world.get(path.replace('{id}', id), token);
const outcome = async (answer: Response) => {
  const { type } = (await answer.json()) as { type?: string };
  return [answer.status, type?.split('/').at(-1)];
};

describe('the limit on reads of auditors', () => {
  it('G-09 answers 429 with Retry-After to all of them together, before validation, and records no such read', async () => {
    expect(AUDITS.length).toBeGreaterThan(5);
    for (const role of ['auditor', 'admin'] as const) {
      const reader = await newReader(role);
      const ask = askWith(reader.token);
      for (let sent = 0; sent < LIMIT; sent += 1) expect((await ask('/users/{id}/history', userId)).status).toBe(200);
      const recorded = (await histories.readsOf(userId)).length;
      const others = (await histories.readsOf(reader.id)).length;
      for (const path of AUDITS)
        for (const id of [userId, 'nonsense']) {
          const refused = await ask(path, id);
          expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
          expect([path, ...(await outcome(refused))]).toEqual([path, 429, 'too-many-attempts']);
        }
      expect((await histories.readsOf(userId)).length).toBe(recorded);
      expect((await histories.readsOf(reader.id)).length).toBe(others);
    }
  });

  it('G-09 counts for this reader alone, whatever the token, and not on other routes', async () => {
    const [one, other] = [await newReader('auditor'), await newReader('auditor')];
    for (let sent = 0; sent < LIMIT; sent += 1)
      await askWith(world.token(one.id, { roles: ['auditor'] }))('/audit/events', '');
    expect((await askWith(one.token)('/audit/events', '')).status).toBe(429);
    expect((await askWith(other.token)(`/users/${userId}?asOf=0`, '')).status).toBe(200);
    expect((await askWith(one.token)('/user/history', '')).status).toBe(200);
  });

  it('does not count who is refused before: without a role or with a revoked token', async () => {
    const reader = await newReader('auditor');
    for (let sent = 0; sent <= LIMIT; sent += 1)
      expect((await askWith(world.token(reader.id))('/audit/events', '')).status).toBe(403);
    expect((await askWith(reader.token)(`/audit/grants/${randomUUID()}`, '')).status).toBe(404);
  });
});
