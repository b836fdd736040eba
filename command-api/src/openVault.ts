import { join } from 'node:path';
import { migrate } from '@ums/kit/postgres/migrate';
import { joinVault, type OpenVault, type VaultOptions } from './joinVault.js';

const MIGRATIONS = join(import.meta.dirname, '../migrations');

/**
 * Migrates the vault to the newest schema, then calls {@link joinVault}.
 *
 * @throws StartRefused, LogUnavailable.
 */
export const openVault = async (options: VaultOptions): Promise<OpenVault> => {
  await migrate({ url: options.url, dir: MIGRATIONS, log: options.log });
  return joinVault(options);
};
