import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Query, Statement } from '@ums/kit/postgres/guardedQuery';
import type pg from 'pg';
import { stoppedClock } from '../../../infra/kit/test/testClock.js';
import { createWorld, MASTER_KEY, type World } from '../../test/world.js';
import { minuteLimit } from './minuteLimit.js';
import { PUBLIC_ROUTES } from './publicRoutes.js';

const LIMIT = 5;
const clock = stoppedClock();

let world: World;
beforeAll(async () => {
  world = await createWorld({ LIMIT_REQUESTS_PER_SOURCE: LIMIT, TRUSTED_PROXIES: ['127.0.0.1'] }, clock);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.vault.query('truncate request_count');
});

describe('limits on requests of query-api', () => {
  it('R-08 answer 429 with Retry-After to every public route, before it reads, and to this source alone', async () => {
    expect(PUBLIC_ROUTES.map(({ path }) => path)).toEqual(['/erasures/{receipt}']);
    for (const [at, { path }] of PUBLIC_ROUTES.entries()) {
      const ask = (source: string, id: string = randomUUID()) =>
        world.get(path.replace(/\{\w+\}/, id), undefined, { 'x-forwarded-for': source });
      const source = `192.0.2.${at}`;
      for (let sent = 0; sent < LIMIT; sent += 1) expect((await ask(source)).status).toBe(404);
      for (const id of [randomUUID(), 'x']) {
        const limited = await ask(source, id);
        const { type } = (await limited.json()) as { type: string };
        expect([limited.status, type.split('/').at(-1)]).toEqual([429, 'too-many-attempts']);
        expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect((await ask('192.0.2.99')).status).toBe(404);
    }
  });

  it('R-08 counts in the vault, over all processes, and holds no network address', async () => {
    const query: Query = async <R extends pg.QueryResultRow>({ values, ...statement }: Statement) =>
      (await world.vault.query<R>({ ...statement, values: [...values] })).rows;
    const process = () => minuteLimit({ vault: query, clock, masterKey: MASTER_KEY, perMinute: LIMIT });
    const outcomes = [];
    for (const limit of [process(), process()])
      for (let sent = 0; sent < LIMIT; sent += 1)
        outcomes.push(await limit.count('/erasures/{receipt}', '198.51.100.7').then(...[() => true, () => false]));
    expect(outcomes.filter(Boolean)).toHaveLength(LIMIT);
    const { rows } = await world.vault.query('select source, requests from request_count');
    expect(rows.map(({ source }) => source.length)).toEqual([32]);
  });

  it('gives the role of this service no other way to the counts', async () => {
    const may = async (privilege: string) =>
      (await world.vault.query(`select has_table_privilege('query', 'request_count', $1) as may`, [privilege])).rows[0];
    for (const privilege of ['select', 'insert', 'update', 'delete'])
      expect([privilege, await may(privilege)]).toEqual([privilege, { may: false }]);
    const { rows } = await world.vault.query(
      `select has_function_privilege('query', 'add_requests(bytea, timestamptz, integer)', 'execute') as may`,
    );
    expect(rows).toEqual([{ may: true }]);
  });
});
