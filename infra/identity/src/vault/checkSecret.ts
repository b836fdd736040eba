import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { additionalData, formatSealed, parseSealed, type SealedPlace } from '@ums/contracts/sealing';
import { keyId } from '@ums/kit/keyId';
import { decrypt, encrypt } from '@ums/kit/sealing/gcm';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';

const PLAIN = 'this secret fits';

/**
 * Detects a wrong secret at start instead of at the first request: opens the check value that was sealed with the vault's
 * secret. If there is no check value yet, the owner of the table writes it; other roles accept any secret until then.
 *
 * @param name of the secret in the environment, and of its check value.
 * @param previous secrets that this one replaces: a check value of one of these is replaced by one of the current secret.
 * @throws StartRefused with the name of the secret, never its value.
 */
export const checkSecret = async (
  pool: pg.Pool,
  name: string,
  secret: Buffer | string,
  previous: readonly (Buffer | string)[] = [],
): Promise<void> => {
  const key = deriveKey(secret);
  const found = (await readCheckValue(pool, name)) ?? (await writeCheckValue(pool, name, key));
  if (found === undefined || opens(key, name, found)) return;
  if (!previous.some((old) => opens(deriveKey(old), name, found)))
    throw new StartRefused(`${name} is not the secret this vault was made with.`);
  await pool.query({
    name: 'replace-check-value',
    text: 'update secret_check set value = $2 where name = $1 and value = $3',
    values: [name, sealCheckValue(key, name), found],
  });
};

const deriveKey = (secret: Buffer | string): KeyObject =>
  createSecretKey(createHmac('sha256', secret).update('ums secret check').digest());

const readCheckValue = async (pool: pg.Pool, name: string): Promise<string | undefined> => {
  const { rows } = await pool.query<{ value: string }>({
    name: 'find-check-value',
    text: 'select value from secret_check where name = $1',
    values: [name],
  });
  return rows[0]?.value;
};

/** @returns the stored value, ours or that of a process that wrote first; `undefined` without the privilege to write. */
const writeCheckValue = async (pool: pg.Pool, name: string, key: KeyObject): Promise<string | undefined> => {
  const { rows } = await pool.query<{ may_write: boolean }>(
    `select has_table_privilege('secret_check', 'insert') as may_write`,
  );
  if (rows[0]?.may_write !== true) return undefined;
  await pool.query({
    name: 'insert-check-value',
    text: 'insert into secret_check (name, value) values ($1, $2) on conflict (name) do nothing',
    values: [name, sealCheckValue(key, name)],
  });
  return readCheckValue(pool, name);
};

const sealCheckValue = (key: KeyObject, name: string): string =>
  formatSealed({
    masterKeyId: keyId(key.export()),
    ...encrypt(key, Buffer.from(PLAIN), additionalData(placeOf(name))),
  });

const opens = (key: KeyObject, name: string, value: string): boolean => {
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
