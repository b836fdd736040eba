import { allowSilence } from '@ums/kit/postgres/limitSilence';
import type pg from 'pg';

/** Tables whose deleted rows may have held a wrapped key, an address, or a keyed hash of an address or a request. */
const TABLES = [
  ...['data_key', 'address', 'registration', 'session', 'attempt', 'mail_request', 'farewell'],
  ...['email_change', 'idempotency', 'request_count', 'known_source', 'mail_block', 'address_rewrite'],
] as const;

const TIMEOUT_MS = 600_000;

/**
 * Rewrites the vault's tables without their dead rows, so that deleted data is gone from the data files too. Each table is
 * locked while it is rewritten. If a lock is not granted within two seconds, the query fails and the command has to be run
 * again.
 *
 * The write-ahead log keeps deleted data until it is switched and recycled. That needs a superuser, so the operator of the
 * cluster does it afterwards.
 */
export const forgetVault = async (pool: pg.Pool): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query("set lock_timeout = '2s'");
    await client.query('set statement_timeout = 0');
    allowSilence(client, TIMEOUT_MS);
    for (const table of TABLES) await client.query(`vacuum (full, analyze) ${table}`);
  } finally {
    // The connection's time-outs differ from the pool's now, so it is closed instead of returned.
    client.release(true);
  }
};
