import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/kit/test/until.js';
import { confirmedUser } from '../../test/testCommands.js';
import { type TestReconcilers, testReconcilers } from '../../test/testReconcilers.js';
import { sweep } from './sweep.js';

let reconcilers: TestReconcilers;
beforeEach(async () => {
  reconcilers = await testReconcilers();
  await addExpiredRows();
});
afterEach(() => reconcilers.close());

/** An expired mail request, which a user could wait for, and an expired count, which has no effect. */
const addExpiredRows = async () => {
  const { vault } = reconcilers.deps;
  await vault.query(
    `insert into mail_request values (gen_random_uuid(), 'confirm-registration', '\\x00', '2020-01-01')`,
  );
  await vault.query(`insert into request_count values ('\\x00', '2020-01-01', 1)`);
};
const expiredRows = async () => {
  const { rows } = await reconcilers.deps.vault.query(
    'select (select count(*)::int from mail_request) as requests, (select count(*)::int from request_count) as counts',
  );
  return rows[0];
};

const LONG_AGO = "timestamptz '2020-01-01'";

/** Statements that insert expired rows, by table; `n` tells the rows apart. */
const expiredRowsOf = (userId: string): Readonly<Record<string, string>> => ({
  address: `(mac, user_id, state, held_until) select int4send(n), '${userId}', 'held', ${LONG_AGO}`,
  attempt: `(account, source, at, state) select int4send(n), '\\x00', ${LONG_AGO}, 'failed'`,
  email_change: `(id, user_id, address_mac, expires_at) select gen_random_uuid(), '${userId}', '\\x00', ${LONG_AGO}`,
  farewell: `(id, user_id, address, expires_at) select gen_random_uuid(), gen_random_uuid(), '', ${LONG_AGO}`,
  idempotency: `(id, user_id, request, revision, expires_at) select gen_random_uuid(), '${userId}', '', 0, ${LONG_AGO}`,
  known_source: `(account, source, user_id, at) select int4send(n), '\\x00', '${userId}', ${LONG_AGO}`,
  mail_block: `(mac, kind) select int4send(n), 'bounce'`,
  mail_request: `(id, purpose, address_mac, expires_at) select gen_random_uuid(), '', '\\x00', ${LONG_AGO}`,
  registration: `(id, address_mac, expires_at) select gen_random_uuid(), '\\x00', ${LONG_AGO}`,
  request_count: `(source, ends, requests) select int4send(n), ${LONG_AGO}, 1`,
  revocation: `(user_id, epoch, at) select '${userId}', 0, ${LONG_AGO}`,
  session: `(id, user_id, epoch, expires_at) select gen_random_uuid(), '${userId}', 0, ${LONG_AGO}`,
  waiting_grant: `(grant_id, asked_by, asked_at) select gen_random_uuid(), '${userId}', ${LONG_AGO}`,
});
const MOST_IN_ONE = 5_000;

describe('sweep', () => {
  it('deletes rows without effect only if it is a full one', async () => {
    await sweep(reconcilers.deps, { isFull: false });
    expect(await expiredRows()).toEqual({ requests: 0, counts: 1 });
    await sweep(reconcilers.deps);
    expect(await expiredRows()).toEqual({ requests: 0, counts: 0 });
  });

  it('is a full one when the reconciler becomes active, and again after some others', async () => {
    await reconcilers.start();
    await until(async () => (await expiredRows()).counts === 0);
    await addExpiredRows();
    await until(async () => (await expiredRows()).counts === 0);
  });

  it('deletes rows in small statements, however many have expired: none comes near the time-out of a statement', async () => {
    const { deps } = reconcilers;
    const tables = expiredRowsOf(await confirmedUser(deps, 'ada@example.org'));
    const counts = () =>
      Promise.all(
        Object.keys(tables).map(async (table) => {
          const { rows } = await deps.vault.query(`select count(*)::int as count from ${table}`);
          return [table, rows[0].count];
        }),
      );
    await deps.vault.query(`create function refuse_many() returns trigger language plpgsql as $$
      begin
        if (select count(*) from gone) > ${MOST_IN_ONE} then raise 'too many rows for one statement'; end if;
        return null;
      end $$`);
    await sweep(deps);
    const before = await counts();
    for (const [table, rows] of Object.entries(tables)) {
      await deps.vault.query(`create trigger many after delete on ${table} referencing old table as gone
        for each statement execute function refuse_many()`);
      await deps.vault.query(`insert into ${table} ${rows} from generate_series(1, ${MOST_IN_ONE + 1}) as n`);
    }
    await sweep(deps);
    expect(await counts()).toEqual(before);
  });
});
