import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { confirmedUser, PASSWORD, requestOrigin } from '../../test/testCommands.js';
import { type TestSessions, testSessions } from '../../test/testSessions.js';
import { login } from './login.js';

const ADA = 'ada@example.org';

let deps: TestSessions;
beforeEach(async () => {
  deps = await testSessions();
});
afterEach(() => deps.close());

const logIn = () => login(deps, { email: ADA, password: PASSWORD }, requestOrigin());
const sessionsOf = async (userId: string) =>
  (
    await deps.vault.query<{ sessions: number; oldest: Date }>(
      'select count(*)::int as sessions, min(rotated_at) as oldest from session where user_id = $1',
      [userId],
    )
  ).rows[0];

describe('the sessions of a user', () => {
  it('are a thousand at most: a log-in ends those that were refreshed longest ago, with their tokens, and none of others', async () => {
    const [ada, eve] = [await confirmedUser(deps, ADA), await confirmedUser(deps, 'eve@example.org')];
    for (const userId of [ada, eve])
      await deps.vault.query(
        `insert into session (id, user_id, epoch, rotated_at, expires_at)
         select gen_random_uuid(), $1, 0, $2::timestamptz - n * interval '1 s', $2::timestamptz + interval '1 day'
         from generate_series(1, 1050) as n`,
        [userId, deps.clock.now()],
      );
    await logIn();
    const before = deps.clock.now().getTime();
    expect(await sessionsOf(ada)).toEqual({ sessions: 1_000, oldest: new Date(before - 999_000) });
    expect((await sessionsOf(eve))?.sessions).toBe(1_050);
    const { rows } = await deps.vault.query('select user_id, count(*)::int from revocation group by user_id');
    expect(rows).toEqual([{ user_id: ada, count: 51 }]);
  });

  it('are ended by the next log-in when a log-in could not revoke them', async () => {
    const ada = await confirmedUser(deps, ADA);
    await deps.vault.query(
      `insert into session (id, user_id, epoch, expires_at)
       select gen_random_uuid(), $1, 0, now() + interval '1 day' from generate_series(1, 1010) as n`,
      [ada],
    );
    await deps.vault.query('alter table revocation rename to away');
    await expect(logIn()).rejects.toThrow('"revocation" does not exist');
    await deps.vault.query('alter table away rename to revocation');
    expect((await sessionsOf(ada))?.sessions).toBe(1_011);
    await logIn();
    expect((await sessionsOf(ada))?.sessions).toBe(1_000);
    const { rows } = await deps.vault.query('select count(*)::int as revoked from revocation where user_id = $1', [
      ada,
    ]);
    expect(rows).toEqual([{ revoked: 12 }]);
  });

  it('end little by little where there are very many', async () => {
    const ada = await confirmedUser(deps, ADA);
    await deps.vault.query(
      `insert into session (id, user_id, epoch, expires_at)
       select gen_random_uuid(), $1, 0, now() + interval '1 day' from generate_series(1, 1500) as n`,
      [ada],
    );
    await logIn();
    expect((await sessionsOf(ada))?.sessions).toBe(1_401);
    await logIn();
    expect((await sessionsOf(ada))?.sessions).toBe(1_302);
  });
});
