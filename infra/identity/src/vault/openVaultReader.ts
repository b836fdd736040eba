import { awaitTables } from '@ums/kit/postgres/awaitTables';
import { createPool, type PoolOptions } from '@ums/kit/postgres/pool';
import { warnOfClock } from '@ums/kit/postgres/warnOfClock';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { checkSecrets, type VaultSecrets } from './checkSecrets.js';

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
  /** By the name of the variable: the current secret, then the ones it replaces. One of them must be the vault's. */
  secrets?: VaultSecrets;
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
  // The command that replaces ADDRESS_KEY sees by this connection that the service runs, also when it has nothing to do.
  const pool = createPool({ ...options, min: secrets.ADDRESS_KEY === undefined ? 0 : 1 });
  try {
    await awaitTables(pool, tables, { owner: 'command-api' });
    await checkSecrets(pool, secrets);
    await warnOfClock(pool, options.log);
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
