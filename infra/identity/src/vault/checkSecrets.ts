import type pg from 'pg';
import { checkMasterKey } from './checkMasterKey.js';
import { checkSecret } from './checkSecret.js';
import type { Secret } from './checkValue.js';

/** By the name of the variable: the current secret, then the ones it replaces. */
export type VaultSecrets = Readonly<Record<string, readonly Secret[]>>;

/** Checks that all of these are the secrets of this vault. @throws StartRefused with the name of one that is not */
export const checkSecrets = async (pool: pg.Pool, secrets: VaultSecrets): Promise<void> => {
  for (const [name, [secret, ...previous]] of Object.entries(secrets))
    if (secret !== undefined)
      await (name === 'MASTER_KEY'
        ? checkMasterKey(pool, secret, previous)
        : checkSecret(pool, name, secret, previous));
};
