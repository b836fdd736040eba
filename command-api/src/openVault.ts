import { join } from 'node:path';
import { checkSecret } from '@ums/identity/vault/checkSecret';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import type { Log } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import { reconcilerCheckpoint } from './reconciler/reconcilerPosition.js';

export interface VaultOptions {
  /** Of the database, as its owner. */
  url: string;
  eventLog: EventLog;
  log: Log;
  /** By their names in the environment: each must be the one this vault was made with, or replace that one. */
  secrets: Readonly<Record<string, readonly (Buffer | string)[]>>;
  maxConnections?: number;
}

export interface OpenVault {
  pool: pg.Pool;
  /** Identity of the event log this vault belongs to. */
  logId: string;
}

const MIGRATIONS = join(import.meta.dirname, '../migrations');

/**
 * Brings the vault to its newest schema and joins it.
 *
 * @throws StartRefused with one sentence; LogUnavailable.
 */
export const openVault = async (options: VaultOptions): Promise<OpenVault> => {
  await migrate({ url: options.url, dir: MIGRATIONS, log: options.log });
  return joinVault(options);
};

/**
 * Proves that vault, log and secrets belong together, before anything is written with them. For the service after its
 * migrations, and for commands beside it, which make none.
 *
 * @throws StartRefused with one sentence; LogUnavailable.
 */
export const joinVault = async ({ url, eventLog, log, secrets, maxConnections }: VaultOptions): Promise<OpenVault> => {
  const pool = createPool({
    ...{ url, applicationName: 'command-api', log },
    ...(maxConnections === undefined ? {} : { max: maxConnections }),
  });
  try {
    for (const [name, [secret, ...previous]] of Object.entries(secrets))
      if (secret !== undefined) await checkSecret(pool, name, secret, previous);
    const logId = await logIdentity(eventLog);
    await mustBelongTogether(pool, logId);
    await reconcilerCheckpoint.readProved(pool, eventLog);
    return { pool, logId };
  } catch (error) {
    await pool.end();
    throw error;
  }
};

const mustBelongTogether = async (pool: pg.Pool, logId: string): Promise<void> => {
  await pool.query('insert into log_identity (log_id) values ($1) on conflict do nothing', [logId]);
  const { rows } = await pool.query<{ log_id: string }>('select log_id from log_identity');
  if (rows[0]?.log_id !== logId) throw new StartRefused('The vault belongs to another event log than this one.');
};
