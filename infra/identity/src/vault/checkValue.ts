import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { additionalData, formatSealed, parseSealed, type SealedPlace } from '@ums/contracts/sealing';
import { keyId } from '@ums/kit/keyId';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { decrypt, encrypt } from '@ums/kit/sealing/gcm';

const PLAIN = 'this secret fits';

/** What a vault's check value is sealed with. */
export type Secret = Buffer | string;

/** A check value: it opens with this secret alone, and under this name alone. */
export const sealCheckValue = (secret: Secret, name: string): string => {
  const key = deriveKey(secret);
  return formatSealed({
    masterKeyId: keyId(key.export()),
    ...encrypt(key, Buffer.from(PLAIN), additionalData(placeOf(name))),
  });
};

/** Whether the check value was sealed with the secret under the name. */
export const opens = (secret: Secret, name: string, value: string): boolean => {
  const parts = parseSealed(value);
  try {
    return parts !== undefined && decrypt(deriveKey(secret), parts, additionalData(placeOf(name))).toString() === PLAIN;
  } catch {
    return false;
  }
};

/** The vault's check value of this name. */
export const readCheckValue = async (vault: Transaction, name: string): Promise<string | undefined> => {
  const { rows } = await vault.query<{ value: string }>({
    name: 'find-check-value',
    text: 'select value from secret_check where name = $1',
    values: [name],
  });
  return rows[0]?.value;
};

/**
 * Stores a check value unless there is one.
 *
 * @returns the stored value, ours or that of a process that wrote first; `undefined` without the privilege to write.
 */
export const writeCheckValue = async (
  vault: Transaction,
  name: string,
  secret: Secret,
): Promise<string | undefined> => {
  if (!(await mayWriteCheckValues(vault))) return undefined;
  await vault.query({
    name: 'insert-check-value',
    text: 'insert into secret_check (name, value) values ($1, $2) on conflict (name) do nothing',
    values: [name, sealCheckValue(secret, name)],
  });
  return readCheckValue(vault, name);
};

/** Makes a secret that replaced another one the vault's, and ends the replacement: forgets the check value of its name `next`. */
export const replaceCheckValue = async (
  tx: Transaction,
  { name, next, secret }: { name: string; next: string; secret: Secret },
): Promise<void> => {
  await tx.query({
    name: 'move-check-value',
    text: 'update secret_check set value = $2 where name = $1',
    values: [name, sealCheckValue(secret, name)],
  });
  await tx.query({ name: 'end-replacement', text: 'delete from secret_check where name = $1', values: [next] });
};

/** Whether this role is the owner of the check values. */
export const mayWriteCheckValues = async (vault: Transaction): Promise<boolean> => {
  const { rows } = await vault.query<{ may_write: boolean }>(
    `select has_table_privilege('secret_check', 'insert') as may_write`,
  );
  return rows[0]?.may_write === true;
};

const deriveKey = (secret: Secret): KeyObject =>
  createSecretKey(createHmac('sha256', secret).update('ums secret check').digest());

const placeOf = (name: string): SealedPlace => ({
  subject: 'secret-check',
  storedType: 'secret-check',
  eventId: name,
  field: 'value',
});
