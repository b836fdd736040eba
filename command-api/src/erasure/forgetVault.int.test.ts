import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/kit/test/until.js';
import {
  addressMacOf,
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { eraseUser } from '../profile/eraseUser.js';
import { updateUser } from '../profile/updateUser.js';
import { forgetVault } from './forgetVault.js';

const ADA = 'ada@example.org';

let deps: TestCommands;
beforeAll(async () => {
  deps = await testCommands();
});
afterAll(() => deps.close());

/** All data files of the vault's tables, after the cluster wrote its buffers to disk. */
const files = async (): Promise<Buffer> => {
  await deps.vault.query('checkpoint');
  const { rows } = await deps.vault.query<{ path: string }>(
    `select current_setting('data_directory') || '/' || pg_relation_filepath(oid) as path
     from pg_class where pg_relation_filepath(oid) is not null and relkind in ('r', 'i', 't')
       and (relnamespace = 'public'::regnamespace or relname = 'pg_statistic')`,
  );
  return Buffer.concat(await Promise.all(rows.map(({ path }) => readFile(join(path)))));
};

describe('forgetVault', () => {
  it("G-03 leaves neither the wrapped key nor the address hash nor a remembered request of an erased user in the vault's files", async () => {
    for (let index = 0; index < 20; index++) await confirmedUser(deps, `other${index}@example.org`);
    const userId = await confirmedUser(deps, ADA);
    const { rows } = await deps.vault.query('select wrapped from data_key where subject = $1', [userId]);
    const [wrapped, mac] = [rows[0].wrapped as Buffer, addressMacOf(deps, ADA)];
    await updateUser(
      deps,
      { caller: liveCallerOf(userId), name: 'Ada Lovelace', idempotencyKey: 'key 1' },
      requestOrigin(),
    );
    const remembered = await deps.vault.query<{ request: string }>('select request from idempotency');
    const request = String(remembered.rows[0]?.request);
    await deps.vault.query('analyze');
    const before = await files();
    expect([wrapped, mac, request].map((value) => before.includes(value))).toEqual([true, true, true]);
    await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
    // A snapshot of another session may still see the deleted rows; the rewrite keeps them as long.
    await until(async () => {
      await forgetVault(deps.vault);
      const after = await files();
      return ![wrapped, mac, request].some((value) => after.includes(value));
    });
    expect((await files()).includes(addressMacOf(deps, 'other1@example.org'))).toBe(true);
  });
});
