import { checkSecrets, type VaultSecrets } from '@ums/identity/vault/checkSecrets';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import type { Log } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { warnOfClock } from '@ums/kit/postgres/warnOfClock';
import type pg from 'pg';
import { claimLog } from './logIdentityRow.js';
import { reconcilerCheckpoint } from './reconciler/reconcilerPosition.js';

export interface VaultOptions {
  /** Connects to the vault's database as its owner. */
  url: string;
  eventLog: EventLog;
  log: Log;
  /** By the name of the variable: the current secret, then the ones it replaces. One of them must be the vault's. */
  secrets: VaultSecrets;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  maxConnections?: number;
}

export interface OpenVault {
  pool: pg.Pool;
  /** Identity of the event log that this vault belongs to. */
  logId: string;
}

/**
 * Connects to the vault and checks that vault, event log and secrets belong together before anything is written with them.
 * The operator's commands call it directly, since they run no migrations.
 *
 * @throws StartRefused with one sentence for the operator; LogUnavailable.
 */
export const joinVault = async (options: VaultOptions): Promise<OpenVault> => {
  const { url, eventLog, log, secrets, applicationName, maxConnections } = options;
  const pool = createPool({
    ...{ url, applicationName, log },
    ...(maxConnections === undefined ? {} : { max: maxConnections }),
  });
  try {
    await checkSecrets(pool, secrets);
    await warnOfClock(pool, log);
    const logId = await logIdentity(eventLog);
    await claimLog(pool, logId);
    await reconcilerCheckpoint.readVerified(pool, eventLog);
    return { pool, logId };
  } catch (error) {
    await pool.end();
    throw error;
  }
};
