import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type pg from 'pg';
import { until } from '../../../infra/kit/test/until.js';
import { createWorld, type World } from '../../test/world.js';
import { COUNT_TABLE } from '../directory/directoryTables.js';

/** As `userPlaces` in infra/identity sets it. */
const RUNNING = 6;
/** How long a request waits for a place of its user there, from and to. */
const [SHORTEST_WAIT_MS, LONGEST_WAIT_MS] = [2_500, 3_000];
/** More than the ten connections of the service to the read model, and few: those that are held must be let go before they time out. */
const FLOOD = 20;

let world: World;
let holder: pg.PoolClient;
beforeAll(async () => {
  world = await createWorld();
  holder = await world.read.connect();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await holder.query('rollback');
});
afterAll(async () => {
  holder.release();
  await world.close();
});

const newUser = async (roles: ('user' | 'admin')[] = ['user']) => {
  const id = randomUUID();
  await world.addUser({ id, roles });
  const token = world.token(id, { roles });
  return { token, read: () => world.get('/user', token) };
};
/** Requests wait for a place as long as it takes, so that a slow machine has time to let the others go. */
const waitForPlaces = (): void => {
  const { setTimeout: start } = globalThis;
  const isWait = (ms = 0) => ms > SHORTEST_WAIT_MS && ms <= LONGEST_WAIT_MS;
  jest
    .spyOn(globalThis, 'setTimeout')
    .mockImplementation((call, ms) => start(call, isWait(ms) ? 10 * LONGEST_WAIT_MS : ms));
};
/** Statements of the service on the counts of users wait from now on, until the transaction ends. */
const holdSummaries = async (): Promise<void> => {
  await holder.query(`begin; lock table ${COUNT_TABLE} in access exclusive mode`);
};
const summary = (token: string, signal?: AbortSignal) =>
  fetch(`${world.base}/api/v1/users/summary`, {
    headers: { authorization: `Bearer ${token}` },
    ...(signal === undefined ? {} : { signal }),
  });
const statusOf = async (answer: Promise<Response>): Promise<number | string> => {
  const response = await answer.catch((error: Error) => error.name);
  if (typeof response === 'string') return response;
  await response.arrayBuffer();
  return response.status;
};
const count = (statuses: readonly unknown[], status: unknown) => statuses.filter((one) => one === status).length;
const heldStatements = async (): Promise<number> => {
  const { rows } = await world.read.query<{ held: number }>(
    `select count(*)::int as held from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.held ?? 0;
};

describe('a user who sends many requests at once to query-api', () => {
  it('R-11 leaves connections to the other users, and is served itself', async () => {
    const [admin, other] = [await newUser(['user', 'admin']), await newUser()];
    waitForPlaces();
    await holdSummaries();
    const flood = Array.from({ length: FLOOD }, () => statusOf(summary(admin.token)));
    await until(async () => (await heldStatements()) === RUNNING);
    expect((await other.read()).status).toBe(200);
    expect(await heldStatements()).toBe(RUNNING);
    await holder.query('rollback');
    expect(count(await Promise.all(flood), 200)).toBe(FLOOD);
  });

  it('R-11 gets 429 with Retry-After for what has waited too long, and opens no circuit breaker', async () => {
    const [one, other] = [await newUser(), await newUser()];
    const headers = { 'x-consistency-token': world.consistencyToken(800n) };
    const refused: Response[] = [];
    const flood = Array.from({ length: FLOOD }, async () => {
      const answer = await world.get('/user', one.token, headers);
      if (answer.status === 429) refused.push(answer);
    });
    // Those that run wait for the position, then those that follow them. The rest gets no place in time.
    const others = new Set<number>();
    await until(async () => {
      others.add((await other.read()).status);
      return refused.length >= FLOOD - 2 * RUNNING;
    });
    await world.moveCheckpoint(800n);
    await Promise.all(flood);
    expect(others).toEqual(new Set([200]));
    const [answer] = refused;
    expect(answer?.headers.get('retry-after')).toBe('1');
    expect(answer?.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await answer?.json()).toMatchObject({ type: expect.stringMatching(/\/problems\/too-many-requests$/) });
    expect((await one.read()).status).toBe(200);
  });

  it('R-11 has all places again after requests that failed and whose client left', async () => {
    const admin = await newUser(['user', 'admin']);
    await world.readProxy.set('refuse');
    const failed = await Promise.all(Array.from({ length: FLOOD }, () => statusOf(summary(admin.token))));
    expect(count(failed, 503)).toBe(FLOOD);
    await world.readProxy.set('pass');
    await until(async () => (await statusOf(summary(admin.token))) === 200);

    waitForPlaces();
    await holdSummaries();
    const leaving = new AbortController();
    const left = Array.from({ length: FLOOD }, () => statusOf(summary(admin.token, leaving.signal)));
    await until(async () => (await heldStatements()) === RUNNING);
    leaving.abort();
    expect(count(await Promise.all(left), 'AbortError')).toBe(FLOOD);
    await holder.query('rollback');
    await until(async () => (await heldStatements()) === 0);

    await holdSummaries();
    const flood = Array.from({ length: FLOOD }, () => statusOf(summary(admin.token)));
    await until(async () => (await heldStatements()) === RUNNING);
    await holder.query('rollback');
    expect(count(await Promise.all(flood), 200)).toBe(FLOOD);
  });
});
