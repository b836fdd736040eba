import { createHmac } from 'node:crypto';
import { additionalData, formatSealed, parseSealed, type SealedPlace } from '@ums/contracts/sealing';
import { keyId } from '@ums/kit/keyId';
import { decrypt, encrypt } from '@ums/kit/sealing/gcm';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';

const PLAIN = 'this secret fits';

/**
 * Finds a wrong secret at start, not at the first user: compares it with the check value sealed under the one this vault
 * was made with. Whoever may write the table (its owner) writes the value when there is none; others only compare.
 *
 * @param name of the secret in the environment, and of the check value.
 * @param previous what the secret replaces: where the vault was made with one of these, it is the new one's from now on.
 * @throws StartRefused naming the secret, never its value.
 */
export const checkSecret = async (
  pool: pg.Pool,
  name: string,
  secret: Buffer | string,
  previous: readonly (Buffer | string)[] = [],
): Promise<void> => {
  const key = checkKey(secret);
  const found = (await checkValue(pool, name)) ?? (await writeCheckValue(pool, name, key));
  if (found === undefined || opens(key, name, found)) return;
  if (!previous.some((old) => opens(checkKey(old), name, found)))
    throw new StartRefused(`${name} is not the secret this vault was made with.`);
  const sql = 'update secret_check set value = $2 where name = $1 and value = $3';
  await pool.query(sql, [name, sealedCheck(key, name), found]);
};

const checkKey = (secret: Buffer | string): Buffer => createHmac('sha256', secret).update('ums secret check').digest();

const checkValue = async (pool: pg.Pool, name: string): Promise<string | undefined> => {
  const { rows } = await pool.query<{ value: string }>('select value from secret_check where name = $1', [name]);
  return rows[0]?.value;
};

/** @returns the value that stands: ours, or that of another process which was first; `undefined` where we may not write. */
const writeCheckValue = async (pool: pg.Pool, name: string, key: Buffer): Promise<string | undefined> => {
  const { rows } = await pool.query<{ may: boolean }>(`select has_table_privilege('secret_check', 'insert') as may`);
  if (rows[0]?.may !== true) return undefined;
  const sql = 'insert into secret_check (name, value) values ($1, $2) on conflict (name) do nothing';
  await pool.query(sql, [name, sealedCheck(key, name)]);
  return checkValue(pool, name);
};

const sealedCheck = (key: Buffer, name: string): string =>
  formatSealed({ masterKeyId: keyId(key), ...encrypt(key, Buffer.from(PLAIN), additionalData(placeOf(name))) });

const opens = (key: Buffer, name: string, value: string): boolean => {
  const parts = parseSealed(value);
  try {
    return parts !== undefined && decrypt(key, parts, additionalData(placeOf(name))).toString() === PLAIN;
  } catch {
    return false;
  }
};

const placeOf = (name: string): SealedPlace => ({
  subject: 'secret-check',
  storedType: 'secret-check',
  eventId: name,
  field: 'value',
});
