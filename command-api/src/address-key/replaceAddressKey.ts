import { createSecretKey } from 'node:crypto';
import { opens, readCheckValue, sealCheckValue } from '@ums/identity/vault/checkValue';
import type { Clock } from '@ums/kit/clock';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { StartRefused } from '@ums/kit/startRefused';
import { dropMapped } from './addressRewriteRow.js';
import { type AddressMapping, mapAddresses } from './mapAddresses.js';
import { ADDRESS_KEY, ADDRESS_KEY_NEXT, switchAddresses } from './switchAddresses.js';

export interface AddressKeyReplacement extends Omit<AddressMapping, 'oldKey' | 'newKey'> {
  clock: Clock;
  secrets: { ADDRESS_KEY: Buffer; ADDRESS_KEY_PREVIOUS: Buffer };
  /** @throws StartRefused while a service uses the vault. */
  refuseServices(vault: Transaction): Promise<void>;
}

/**
 * Replaces the key of the addresses' MACs while no service runs. Until the last transaction, the vault stays as it is, so the
 * services can start with the old key again; after it, with the new one.
 *
 * @returns `false` if the new key is the vault's already.
 * @throws StartRefused with one sentence.
 */
export const replaceAddressKey = async (replacement: AddressKeyReplacement): Promise<boolean> => {
  const { vault, clock, secrets, onProgress, crashPoint = async () => undefined, refuseServices } = replacement;
  const { ADDRESS_KEY: newSecret, ADDRESS_KEY_PREVIOUS: oldSecret } = secrets;
  if (newSecret.equals(oldSecret))
    throw new StartRefused('ADDRESS_KEY and ADDRESS_KEY_PREVIOUS are the same; give the new key as ADDRESS_KEY.');
  await refuseServices(vault);
  const value = (await readCheckValue(vault, ADDRESS_KEY)) ?? '';
  if (opens(newSecret, ADDRESS_KEY, value)) return false;
  if (!opens(oldSecret, ADDRESS_KEY, value))
    throw new StartRefused('ADDRESS_KEY_PREVIOUS is not the secret this vault was made with.');
  await resume(vault, newSecret);
  let rows = 0;
  await mapAddresses({
    ...replacement,
    oldKey: createSecretKey(oldSecret),
    newKey: createSecretKey(newSecret),
    onProgress: (progress) => {
      rows = progress.total;
      onProgress(progress);
    },
  });
  onProgress({ phase: 'switching', done: rows, total: rows });
  await switchAddresses(vault, { newSecret, now: clock.now() }, refuseServices);
  await crashPoint('rows-switched');
  return true;
};

/** Keeps what an earlier run has computed with the same key. */
const resume = async (vault: AddressMapping['vault'], newSecret: Buffer): Promise<void> => {
  const next = await readCheckValue(vault, ADDRESS_KEY_NEXT);
  const isSame = next !== undefined && opens(newSecret, ADDRESS_KEY_NEXT, next);
  await dropMapped(vault, { all: !isSame });
  if (isSame) return;
  await vault.query({
    name: 'begin-address-rewrite',
    text: `insert into secret_check (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value`,
    values: [ADDRESS_KEY_NEXT, sealCheckValue(newSecret, ADDRESS_KEY_NEXT)],
  });
};
