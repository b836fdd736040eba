import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { opens, type Secret, sealCheckValue, writeCheckValue } from './checkValue.js';
import { MASTER_KEY, MASTER_KEY_NEXT, masterKeyState } from './masterKeyState.js';

/**
 * As `checkSecret`, for the key that wraps the data keys. Its check value stays that of the old key until every data key is
 * wrapped with the new one; meanwhile a process must have both, because it meets data keys of both.
 *
 * @param previous the other key, while MASTER_KEY is being replaced.
 * @throws StartRefused with one sentence, never a value.
 */
export const checkMasterKey = async (vault: pg.Pool, secret: Secret, previous: readonly Secret[]): Promise<void> => {
  const { state } = await masterKeyState(vault, secret, previous);
  if (state !== 'new-vault') return;
  const written = await writeCheckValue(vault, MASTER_KEY, secret);
  if (written !== undefined && !opens(secret, MASTER_KEY, written)) await masterKeyState(vault, secret, previous);
};

/**
 * Stores that the replacement of the master key has begun, if this is not the vault's key but the one that replaces it. For the
 * service that stores data keys, before it stores one; as the vault's owner. From then on, no service starts without both keys.
 *
 * @throws StartRefused when the key was replaced before: the vault takes no data key under it.
 */
export const beginReplacement = async (vault: pg.Pool, secret: Secret, previous: readonly Secret[]): Promise<void> => {
  const { state, value } = await masterKeyState(vault, secret, previous);
  if (state !== 'to-be-replaced') return;
  await refuseRetired(vault, secret);
  // Not after the replacement has finished, which may happen at the same time.
  await vault.query({
    name: 'begin-master-key-replacement',
    text: `insert into secret_check (name, value)
           select $1, $2 where exists (select from secret_check where name = $3 and value = $4) on conflict do nothing`,
    values: [MASTER_KEY_NEXT, sealCheckValue(secret, MASTER_KEY_NEXT), MASTER_KEY, value],
  });
  await masterKeyState(vault, secret, previous);
};

const refuseRetired = async (vault: pg.Pool, secret: Secret): Promise<void> => {
  const { rows } = await vault.query<{ retired: boolean }>({
    name: 'is-retired-master-key',
    text: `select exists (select from pg_constraint
             where conrelid = 'data_key'::regclass and conname = 'retired ' || $1) as retired`,
    values: [masterKeys(secret).id],
  });
  if (rows[0]?.retired === true)
    throw new StartRefused('MASTER_KEY was replaced before in this vault; a replaced key cannot come back.');
};
