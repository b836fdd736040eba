import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestVault, testVault } from '../../test/testVault.js';
import { noteRewritten, receiptsToRewrite } from './rewrittenReceipts.js';

let vault: TestVault;
beforeAll(async () => {
  vault = await testVault();
});
afterAll(() => vault.close());
beforeEach(() => vault.pool.query('truncate erasure_receipt cascade'));

const NOW = new Date('2026-01-02T12:00:00Z');

const store = async (columns: Record<string, unknown> = {}) => {
  const { position, finished_at, mail_records_deleted_at } = {
    ...{ position: '700', finished_at: NOW, mail_records_deleted_at: NOW },
    ...columns,
  };
  const [receipt, userId] = [randomUUID(), randomUUID()];
  await vault.pool.query(
    `insert into erasure_receipt (receipt, user_id, position, started_at, vault_erased_at, finished_at,
       mail_records_deleted_at) values ($1, $2, $3, $4, $4, $5, $6)`,
    [receipt, userId, position, NOW, finished_at, mail_records_deleted_at],
  );
  return { receipt, userId };
};
const due = (position = '700', ...parked: string[]) => receiptsToRewrite(vault.pool, { position, parked });

describe('receiptsToRewrite', () => {
  it('G-11 gives the erasures whose rows are all deleted', async () => {
    const { receipt, userId } = await store();
    await store({ finished_at: null });
    await store({ mail_records_deleted_at: null });
    await store({ position: '701' });
    expect(await due()).toEqual([receipt]);
    expect(await due('699')).toEqual([]);
    expect(await due('700', userId)).toEqual([]);
  });

  it('G-11 gives each once, and its first time is kept', async () => {
    const [first, second] = [await store(), await store()];
    await noteRewritten(vault.pool, [first.receipt], NOW);
    expect(await due()).toEqual([second.receipt]);
    await noteRewritten(vault.pool, [first.receipt, second.receipt], new Date(NOW.getTime() + 1_000));
    const { rows } = await vault.pool.query('select receipt from erasure_receipt where disk_rewritten_at = $1', [NOW]);
    expect(rows).toEqual([{ receipt: first.receipt }]);
  });
});
