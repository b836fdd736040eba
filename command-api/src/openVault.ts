import { join } from 'node:path';
import { beginReplacement } from '@ums/identity/vault/checkMasterKey';
import { migrate } from '@ums/kit/postgres/migrate';
import { joinVault, type OpenVault, type VaultOptions } from './joinVault.js';

const MIGRATIONS = join(import.meta.dirname, '../migrations');

/**
 * Migrates the vault to the newest schema, calls {@link joinVault}, and begins to replace the master key where it is a new one.
 *
 * @throws StartRefused, LogUnavailable.
 */
export const openVault = async (options: VaultOptions): Promise<OpenVault> => {
  await migrate({ url: options.url, dir: MIGRATIONS, log: options.log });
  const opened = await joinVault(options);
  const [masterKey, ...previous] = options.secrets.MASTER_KEY ?? [];
  try {
    if (masterKey !== undefined) await beginReplacement(opened.pool, masterKey, previous);
    return opened;
  } catch (error) {
    await opened.pool.end();
    throw error;
  }
};
