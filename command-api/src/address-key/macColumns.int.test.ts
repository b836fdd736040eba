import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestVault, testVault } from '../../test/testVault.js';

/** Rewritten, see `switchAddresses`. */
const REWRITTEN = [
  'address.mac',
  'email_change.address_mac',
  'mail_block.mac',
  'mail_request.address_mac',
  'registration.address_mac',
];
/** MACs from before a replacement, and those that are being computed. */
const OF_A_REPLACEMENT = [
  ...['address.former_mac', 'email_change.former_mac', 'registration.former_mac'],
  ...['address_rewrite.new_mac', 'address_rewrite.old_mac'],
];
/** Hashes under a key that is derived from ADDRESS_KEY, or from MASTER_KEY in query-api. Deleted. */
const COUNTED = [
  ...['attempt.account', 'attempt.source', 'known_source.account', 'known_source.source', 'request_count.source'],
];
const WITHOUT_ADDRESS_KEY = ['data_key.wrapped'];

describe('bytes in the vault', () => {
  let vault: TestVault;
  beforeAll(async () => {
    vault = await testVault();
  });
  afterAll(() => vault.close());

  it('K-01 are each known to the replacement of ADDRESS_KEY, or do not depend on it', async () => {
    const { rows } = await vault.pool.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'public' and data_type = 'bytea' order by name`,
    );
    expect(rows.map(({ name }) => name)).toEqual(
      [...REWRITTEN, ...OF_A_REPLACEMENT, ...COUNTED, ...WITHOUT_ADDRESS_KEY].sort(),
    );
  });
});
