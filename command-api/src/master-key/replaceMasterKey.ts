import { replaceCheckValue } from '@ums/identity/vault/checkValue';
import { configuredMasterKeys, type MasterSecrets, masterSecrets } from '@ums/identity/vault/masterKeySettings';
import { MASTER_KEY, MASTER_KEY_NEXT, masterKeyState } from '@ums/identity/vault/masterKeyState';
import { codeOf } from '@ums/kit/postgres/errors';
import { withTransaction } from '@ums/kit/postgres/transaction';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { StartRefused } from '@ums/kit/startRefused';
import { type Rewrapping, rewrapDataKeys } from './rewrapDataKeys.js';

/** The new master key, and the one that it replaces. */
export interface Replacement extends Pick<Rewrapping, 'vault' | 'onProgress' | 'crashPoint'> {
  secrets: MasterSecrets;
}

/** SQLSTATE `lock_not_available`: a time limit of ours, behind which others wait. */
const LOCK_TIMEOUT = '55P03';
const LOCK_ATTEMPTS = 20;

/**
 * Finishes the replacement of the master key while the services run, which must have both keys and wrap with the new one.
 * Wraps all data keys with it, bars the vault from storing one under the old key, lets Postgres prove that none is left, and
 * only then makes the new key the vault's. Each step is idempotent: after a crash, the next run resumes.
 *
 * @returns how many data keys it has wrapped.
 * @throws StartRefused with one sentence when the keys do not fit, a service still wraps with the old one, or a data key
 * cannot be opened.
 */
export const replaceMasterKey = async (replacement: Replacement): Promise<number> => {
  const { vault, secrets, crashPoint = async () => undefined } = replacement;
  const [current, ...previous] = masterSecrets(secrets);
  const { state } = await masterKeyState(vault, current, previous);
  if (state === 'to-be-replaced' || state === 'new-vault') throw new StartRefused(NOT_BEGUN);
  const { done, foundNew } = await rewrapDataKeys({
    ...replacement,
    masterKeys: configuredMasterKeys(secrets),
  }).catch(forOperator);
  if (state === 'in-use' && done === 0) return done;
  if (foundNew) throw new StartRefused(STILL_WRAPS);
  const retired = previous.map((secret) => masterKeys(secret).id);
  for (const id of retired) await retire(vault, id);
  await crashPoint('key-retired');
  // A data key that was stored between the last look and the bar.
  const late = await rewrapDataKeys({ vault, masterKeys: configuredMasterKeys(secrets), onProgress: () => undefined });
  for (const id of retired)
    await vault.query({ name: 'prove-retired', text: 'select prove_retired_master_key($1)', values: [id] });
  await crashPoint('key-proven');
  await withTransaction(vault, (tx) =>
    replaceCheckValue(tx, { name: MASTER_KEY, next: MASTER_KEY_NEXT, secret: current }),
  );
  return done + late.done;
};

const NOT_BEGUN =
  'No service has started with the new MASTER_KEY yet: start all of them with it, and the old one as MASTER_KEY_PREVIOUS.';
const STILL_WRAPS =
  'A command-api still stores data keys under the old key: restart it with the new MASTER_KEY, then run this again.';

const forOperator = (error: unknown): never => {
  if (!(error instanceof SealBroken)) throw error;
  throw new StartRefused('A data key is damaged, or wrapped with neither MASTER_KEY nor MASTER_KEY_PREVIOUS.', {
    cause: error,
  });
};

/** The bar needs the table for a moment. It gives up quickly, because all that write data keys wait behind it. */
const retire = async (vault: Replacement['vault'], id: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await withTransaction(vault, async (tx) => {
        await tx.query(`set local lock_timeout = '500ms'`);
        await tx.query({ name: 'retire-master-key', text: 'select retire_master_key($1)', values: [id] });
      });
    } catch (error) {
      if (codeOf(error) !== LOCK_TIMEOUT || attempt === LOCK_ATTEMPTS) throw error;
    }
};
