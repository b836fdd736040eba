import { awaitTables } from '@ums/kit/postgres/awaitTables';
import { createPool, type PoolOptions } from '@ums/kit/postgres/pool';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { checkSecret } from './checkSecret.js';

/** Tables of the vault that services other than command-api read. */
export type VaultTable =
  | 'data_key'
  | 'registration'
  | 'address'
  | 'account'
  | 'mail_request'
  | 'email_change'
  | 'farewell'
  | 'mail_block'
  | 'revocation'
  | 'log_identity'
  | 'checkpoint'
  | 'secret_check'
  | 'erasure_receipt'
  | 'receipt_statement';

export interface VaultReaderOptions extends PoolOptions {
  /** Tables the service reads; the call waits until they exist. */
  tables: readonly VaultTable[];
  /** Secrets by their names in the environment; each must be the one the vault was made with. */
  secrets?: Readonly<Record<string, Buffer>>;
  /** Identity of the service's event log, which must be the vault's. */
  logId?: string;
}

/**
 * Opens the vault for a service that only reads it, and proves that it belongs to these secrets and this log. In a foreign
 * vault every registration would seem to have ended and every key to be missing.
 *
 * @throws StartRefused with one sentence
 */
export const openVaultReader = async (options: VaultReaderOptions): Promise<pg.Pool> => {
  const { tables, secrets = {}, logId } = options;
  const pool = createPool(options);
  try {
    await awaitTables(pool, tables, { owner: 'command-api' });
    for (const [name, secret] of Object.entries(secrets)) await checkSecret(pool, name, secret);
    if (logId !== undefined) await checkLogIdentity(pool, logId);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
};

const checkLogIdentity = async (pool: pg.Pool, logId: string): Promise<void> => {
  const { rows } = await pool.query<{ log_id: string }>('select log_id from log_identity');
  const other = rows.find((row) => row.log_id !== logId)?.log_id;
  if (other !== undefined)
    throw new StartRefused(`The vault belongs to event log ${other}, but EVENTSTORE_URL leads to event log ${logId}.`);
};
