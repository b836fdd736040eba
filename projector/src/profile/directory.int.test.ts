import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { searchTerms } from '@ums/contracts/directory/searchTerms';
import { standingOf } from '@ums/contracts/directory/standing';
import { until } from '../../../infra/kit/test/until.js';
import { appendRandomHistory, seededRandom } from '../../test/randomHistory.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, USER_ERASURE_STARTED, USER_SUSPENDED, type World } from '../../test/world.js';
import { runProjection } from '../projection/runProjection.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.pool.query('truncate read.user_profile_v1');
  await world.pool.query('delete from read.checkpoint');
});

/** Runs the projection until it has applied the whole log. */
const project = async (): Promise<void> => {
  const stopping = new AbortController();
  const running = runProjection(runDepsOf(world), stopping.signal, () => undefined);
  await until(() => isCaughtUp(world));
  stopping.abort();
  await running;
};

const rowsOf = async (sql: string): Promise<unknown[]> => (await world.pool.query(sql)).rows;
const storedTerms = () => rowsOf('select user_id, term, standing from read.user_term_v1 order by user_id, term');
const storedCounts = () =>
  rowsOf('select standing, users::int from read.user_count_v1 where users <> 0 order by standing');

/** What the directory must hold for the profiles that are stored. */
const expected = async () => {
  const { rows } = await world.pool.query('select user_id, email, name, status, roles from read.user_profile_v1');
  const terms = rows.flatMap((row) =>
    searchTerms(row).map((term) => ({ user_id: row.user_id, term, standing: standingOf(row) })),
  );
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(standingOf(row), (counts.get(standingOf(row)) ?? 0) + 1);
  const bytes = (text: string) => Buffer.from(text).toString('hex');
  return {
    terms: terms.sort((a, b) => (a.user_id + bytes(a.term) < b.user_id + bytes(b.term) ? -1 : 1)),
    counts: [...counts].map(([standing, users]) => ({ standing, users })).sort((a, b) => a.standing - b.standing),
  };
};

const expectAgreement = async (): Promise<void> => {
  const { terms, counts } = await expected();
  expect(await storedTerms()).toEqual(terms);
  expect(await storedCounts()).toEqual(counts);
};

describe('the directory', () => {
  it('holds the terms of all users and their number by standing, whatever happened to them', async () => {
    await appendRandomHistory(world, 200, seededRandom(7));
    await project();
    expect((await storedTerms()).length).toBeGreaterThan(20);
    await expectAgreement();
    await appendRandomHistory(world, 200, seededRandom(8));
    await project();
    await expectAgreement();
  });

  it('follows a change of the name, of the roles and of the status', async () => {
    const userId = await world.register('Ada "the\\first" {Byron}, NULL');
    await project();
    await expectAgreement();
    await world.rename(userId, 'Ada King');
    await world.append(userId, { type: 'RoleGranted', data: { role: 'auditor' } }, USER_SUSPENDED);
    await project();
    const terms = await rowsOf(`select term, standing from read.user_term_v1 where user_id = '${userId}'`);
    const standing = standingOf({ status: 'suspended', roles: ['user', 'auditor'] });
    expect(terms).toHaveLength(3);
    for (const term of ['ada king', 'king']) expect(terms).toContainEqual({ term, standing });
    await expectAgreement();
  });

  it('G-01 loses the terms of an erased user with the profile', async () => {
    const userId = await world.register('Canary Erased');
    await project();
    await world.append(userId, USER_ERASURE_STARTED);
    await world.destroyKey(userId);
    await project();
    expect(await rowsOf(`select from read.user_term_v1 where term like '%canary%'`)).toEqual([]);
    await expectAgreement();
  });

  it('is filled for rows that a version without it wrote, while the projection changes and deletes some of them', async () => {
    const users = await Promise.all(Array.from({ length: 40 }, (_, index) => world.register(`User ${index}`)));
    await project();
    // More than are filled at once, in an order other than that of the users above.
    await world.pool.query(`
      insert into read.user_profile_v1 (user_id, email, name, status, roles, locale, registered_at, revision, position)
      select gen_random_uuid(), email, name, status, roles, locale, registered_at, revision, position
      from read.user_profile_v1, generate_series(1, 60)`);
    await world.pool.query('update read.user_profile_v1 set terms = null, standing = null');
    await world.pool.query('truncate read.user_term_v1, read.user_count_v1');
    const stopping = new AbortController();
    const running = runProjection(runDepsOf(world), stopping.signal, () => undefined);
    for (const [index, userId] of users.entries()) {
      if (index % 3 === 0) await world.append(userId, USER_SUSPENDED);
      else if (index % 3 === 1) await world.append(userId, USER_ERASURE_STARTED);
      else await world.rename(userId, `Renamed ${index}`);
      await until(() => isCaughtUp(world));
    }
    await until(async () => (await rowsOf('select from read.user_profile_v1 where standing is null')).length === 0);
    stopping.abort();
    await running;
    await expectAgreement();
  }, 180_000);

  it('is filled for rows that a version without it wrote', async () => {
    const users = await Promise.all(['Zoë', 'Grace Hopper'].map((name) => world.register(name)));
    await project();
    await world.pool.query('update read.user_profile_v1 set terms = null, standing = null');
    await world.pool.query('truncate read.user_term_v1, read.user_count_v1');
    await world.rename(users[1] as string, 'Grace Murray');
    await project();
    await expectAgreement();
    expect(await storedCounts()).not.toEqual([]);
    expect(await rowsOf('select from read.user_profile_v1 where standing is null')).toEqual([]);
  });

  it('is emptied with the table of profiles', async () => {
    await world.register();
    await project();
    await world.pool.query('truncate read.user_profile_v1');
    expect([await storedTerms(), await storedCounts()]).toEqual([[], []]);
  });
});
