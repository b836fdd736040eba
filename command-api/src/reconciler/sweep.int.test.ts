import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/kit/test/until.js';
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
});
