import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { type TestAdministration, testAdministration } from '../../test/testAdministration.js';
import {
  Crashed,
  confirmCallerAs,
  confirmedUser,
  PASSWORD,
  requestOrigin,
  type TestCommands,
} from '../../test/testCommands.js';
import { eraseByAdministrator } from '../administration/eraseByAdministrator.js';
import { eraseUser } from '../profile/eraseUser.js';
import { unfinishedErasures } from './erasureRow.js';
import { finishErasure } from './finishErasure.js';
import { receiptOf } from './receiptRow.js';

let administration: TestAdministration;
let deps: TestCommands;
let userId: string;
beforeEach(async () => {
  administration = await testAdministration();
  deps = administration.deps;
  // It would finish the erasures itself.
  await administration.reconciler.close();
  userId = await confirmedUser(deps, 'lin@example.org');
});
afterEach(() => administration.close());

const erase = () =>
  eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
const eraseAsAda = () => {
  const confirmCaller = confirmCallerAs(administration.ada);
  return eraseByAdministrator(deps, { userId, reason: 'letter', password: PASSWORD, confirmCaller }, requestOrigin());
};
const finish = async () => {
  for (const erasure of await unfinishedErasures(deps.vault)) await finishErasure(deps, erasure, 'keeper');
};
const endNotice = () => deps.vault.query('select end_farewell(id) from farewell where user_id = $1', [userId]);
const receipts = async () =>
  (await deps.vault.query('select * from erasure_receipt where user_id = $1', [userId])).rows;

describe('the receipt of an erasure', () => {
  it('G-11 has a random id, which every repeat gets again', async () => {
    const { receipt } = await erase();
    expect(receipt).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect((await eraseAsAda()).receipt).toBe(receipt);
    await finish();
    expect((await erase()).receipt).toBe(receipt);
    expect(await receipts()).toHaveLength(1);
  });

  it('G-11 is one for requests at the same time', async () => {
    const [first, second] = await Promise.all([erase(), eraseAsAda()]);
    expect(first.receipt).toBe(second.receipt);
  });

  it('G-11 notes when each step was done, and none before', async () => {
    const startedAt = deps.clock.now();
    await erase();
    expect(await receipts()).toEqual([
      expect.objectContaining({
        ...{ started_at: startedAt, vault_erased_at: startedAt, position: expect.any(String) },
        ...{ pictures_deleted_at: null, mail_records_deleted_at: null, finished_at: null },
      }),
    ]);
    deps.objects.setDown(true);
    await expect(finish()).rejects.toThrow(DependencyUnavailable);
    expect(await receipts()).toMatchObject([{ pictures_deleted_at: null, finished_at: null }]);
    deps.objects.setDown(false);
    deps.clock.advance(1_000);
    const finishedAt = deps.clock.now();
    await finish();
    expect(await receipts()).toMatchObject([
      { pictures_deleted_at: finishedAt, mail_records_deleted_at: null, finished_at: finishedAt },
    ]);
    await endNotice();
    expect(await receipts()).toMatchObject([{ mail_records_deleted_at: expect.any(Date) }]);
  });

  it('G-11 keeps the times of a finish that is repeated after a crash', async () => {
    await erase();
    deps.crashAfter('erasure-finished');
    await expect(finish()).rejects.toThrow(Crashed);
    const noted = deps.clock.now();
    expect(await receipts()).toMatchObject([{ pictures_deleted_at: noted, finished_at: null }]);
    deps.clock.advance(5_000);
    await finish();
    expect(await receipts()).toMatchObject([{ pictures_deleted_at: noted, finished_at: deps.clock.now() }]);
  });

  it('G-11 is in the transaction that destroys the key', async () => {
    deps.crashAfter('account-written');
    await expect(erase()).rejects.toThrow(Crashed);
    expect(await receipts()).toEqual([]);
    await expect(receiptOf(deps.vault, userId)).rejects.toThrow('an erased user has no receipt');
    const { receipt } = await erase();
    expect(await receiptOf(deps.vault, userId)).toBe(receipt);
  });

  it('G-11 is due for the signature of the notary from the beginning, once', async () => {
    const { receipt } = await erase();
    await eraseAsAda();
    const { rows } = await deps.vault.query('select * from receipt_statement');
    const unseen = { read_models_at: null, topic_tombstone_at: null };
    expect(rows).toEqual([{ receipt, note: null, look_at: expect.any(Date), ...unseen }]);
  });

  it('G-11 is made by a repeat for a user who was erased before there were receipts', async () => {
    await erase();
    await finish();
    await endNotice();
    const [before] = await receipts();
    await deps.vault.query('delete from erasure_receipt');
    deps.clock.advance(60_000);
    const { receipt } = await eraseAsAda();
    expect(await receipts()).toEqual([{ ...before, receipt, mail_records_deleted_at: deps.clock.now() }]);
  });

  it('G-11 says nothing of a user who is not erased', async () => {
    await expect(receiptOf(deps.vault, randomUUID())).rejects.toThrow('an erased user has no receipt');
  });
});
