import { awaitTables } from '@ums/kit/postgres/awaitTables';
import { createPool, type PoolOptions } from '@ums/kit/postgres/pool';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { checkSecret } from './secretCheck.js';

/** The tables of the vault that other services than its owner read. */
export type VaultTable =
  | 'data_key'
  | 'registration'
  | 'address'
  | 'account'
  | 'mail_request'
  | 'farewell'
  | 'revocation'
  | 'log_identity'
  | 'secret_check';

export interface VaultReaderOptions extends PoolOptions {
  /** What the service reads: it waits until the owner has made them. */
  tables: readonly VaultTable[];
  /** By their names in the environment: each must be the one the vault was made with. */
  secrets?: Readonly<Record<string, Buffer>>;
  /** Identity of the event log the service uses, which must be the vault's. */
  logId?: string;
}

/**
 * Opens the vault for a service that only reads it, and proves that it belongs to these secrets and to this log: with a
 * foreign vault every registration would look ended and every key missing.
 *
 * @throws StartRefused with one sentence
 */
export const openVaultReader = async (options: VaultReaderOptions): Promise<pg.Pool> => {
  const { tables, secrets = {}, logId } = options;
  const pool = createPool(options);
  try {
    await awaitTables(pool, tables, { owner: 'command-api' });
    for (const [name, secret] of Object.entries(secrets)) await checkSecret(pool, name, secret);
    if (logId !== undefined) await mustBelongTo(pool, logId);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
};

const mustBelongTo = async (pool: pg.Pool, logId: string): Promise<void> => {
  const { rows } = await pool.query<{ log_id: string }>('select log_id from log_identity');
  if (rows.some((row) => row.log_id !== logId))
    throw new StartRefused('The event log is not the one this vault was made with.');
};
