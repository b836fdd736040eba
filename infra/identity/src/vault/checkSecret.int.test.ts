import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { StartRefused } from '@ums/kit/startRefused';
import { testVault } from '../../test/vault.js';
import { checkSecret } from './checkSecret.js';

describe('checkSecret', () => {
  let vault: Awaited<ReturnType<typeof testVault>>;
  beforeAll(async () => {
    vault = await testVault();
  });
  afterAll(() => vault.close());

  it('K-01 accepts only the secret the vault was made with, and does not show the wrong one', async () => {
    await checkSecret(vault.pool, 'MASTER_KEY', 'the right secret');
    await expect(checkSecret(vault.pool, 'MASTER_KEY', 'the right secret')).resolves.toBeUndefined();
    const wrong = checkSecret(vault.pool, 'MASTER_KEY', Buffer.from('the wrong secret'));
    await expect(wrong).rejects.toBeInstanceOf(StartRefused);
    await expect(wrong).rejects.toThrow('MASTER_KEY is not the secret this vault was made with.');
  });

  it('accepts one of several different secrets at the first start', async () => {
    const starts = ['a', 'b', 'c'].map((secret) => checkSecret(vault.pool, 'ADDRESS_KEY', secret));
    const outcomes = await Promise.allSettled(starts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses the check value of another secret, and a damaged one', async () => {
    await checkSecret(vault.pool, 'PASSWORD_PEPPER', 'pepper');
    await vault.pool.query(
      `insert into secret_check select 'REFRESH_TOKEN_KEY', value from secret_check where name = 'PASSWORD_PEPPER'`,
    );
    await expect(checkSecret(vault.pool, 'REFRESH_TOKEN_KEY', 'pepper')).rejects.toBeInstanceOf(StartRefused);
    await vault.pool.query(`update secret_check set value = 'v1.x' where name = 'PASSWORD_PEPPER'`);
    await expect(checkSecret(vault.pool, 'PASSWORD_PEPPER', 'pepper')).rejects.toBeInstanceOf(StartRefused);
  });

  it('writes no check value without the privilege', async () => {
    const url = `${vault.url}?options=-c%20role%3Dquery`;
    const reader = createPool({ url, applicationName: 'test', log: silentLog });
    await expect(checkSecret(reader, 'MAIL_TOKEN_KEY', 'any')).resolves.toBeUndefined();
    await checkSecret(vault.pool, 'MAIL_TOKEN_KEY', 'right');
    await expect(checkSecret(reader, 'MAIL_TOKEN_KEY', 'any')).rejects.toBeInstanceOf(StartRefused);
    await expect(checkSecret(reader, 'MAIL_TOKEN_KEY', 'right')).resolves.toBeUndefined();
    await reader.end();
  });
});
