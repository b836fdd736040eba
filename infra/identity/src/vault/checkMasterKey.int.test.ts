import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { testVault } from '../../test/vault.js';
import { beginReplacement, checkMasterKey } from './checkMasterKey.js';
import { masterKeyState } from './masterKeyState.js';

const [A, B, C] = ['the first master key', 'the second master key', 'a third master key'];

describe('checkMasterKey', () => {
  let vault: Awaited<ReturnType<typeof testVault>>;
  beforeAll(async () => {
    vault = await testVault();
    await checkMasterKey(vault.pool, A, []);
  });
  afterAll(() => vault.close());

  const start = (...[secret = '', ...previous]: string[]) => checkMasterKey(vault.pool, secret, previous);
  const serve = async (...[secret = '', ...previous]: string[]) => {
    await checkMasterKey(vault.pool, secret, previous);
    await beginReplacement(vault.pool, secret, previous);
  };
  const refusal = (start: Promise<void>) =>
    start.then(
      () => undefined,
      (error: Error) => `${error.name}: ${error.message}`,
    );

  it('K-01 accepts the vault’s key and refuses another one, with any number of keys', async () => {
    expect(await refusal(start(A))).toBeUndefined();
    expect(await refusal(start(A, B))).toBeUndefined();
    expect(await refusal(start(B, A))).toBeUndefined();
    for (const keys of [[B], [B, C]])
      expect(await refusal(start(...keys))).toBe(
        'StartRefused: MASTER_KEY is not the secret this vault was made with.',
      );
  });

  it('begins a replacement only for the owner of the vault, at its start with the new key', async () => {
    const url = `${vault.url}?options=-c%20role%3Dquery`;
    const reader = createPool({ url, applicationName: 'test', log: silentLog });
    await checkMasterKey(reader, B, [A]);
    await reader.end();
    await serve(A, B);
    expect((await masterKeyState(vault.pool, B, [A])).state).toBe('to-be-replaced');
    expect(await refusal(start(A))).toBeUndefined();
    await Promise.all([serve(B, A), serve(B, A), serve(A, B)]);
    expect((await masterKeyState(vault.pool, A, [B])).state).toBe('being-replaced');
  });

  it('K-01 refuses either key alone while one is being replaced, and a third one', async () => {
    for (const key of [A, B])
      expect(await refusal(start(key))).toMatch(/^StartRefused: MASTER_KEY is being replaced: give both/);
    expect(await refusal(start(C))).toMatch(/is not the secret/);
    expect(await refusal(serve(C, A))).toMatch(/give both keys/);
    expect(await refusal(serve(A, B))).toBeUndefined();
  });

  it('K-01 refuses a key that was replaced', async () => {
    await vault.pool.query('select retire_master_key($1)', [masterKeys(C).id]);
    await vault.pool.query(`delete from secret_check where name = 'MASTER_KEY_NEXT'`);
    expect(await refusal(serve(C, A))).toMatch(/^StartRefused: MASTER_KEY was replaced before/);
  });
});
