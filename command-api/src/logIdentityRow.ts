import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';

/** Stores the log's identity in a new vault. @throws StartRefused if the vault belongs to a different log. */
export const claimLog = async (pool: pg.Pool, logId: string): Promise<void> => {
  await pool.query({
    name: 'insert-log-identity',
    text: 'insert into log_identity (log_id) values ($1) on conflict do nothing',
    values: [logId],
  });
  const { rows } = await pool.query<{ log_id: string }>('select log_id from log_identity');
  const known = rows[0]?.log_id;
  if (known !== logId)
    throw new StartRefused(`The vault belongs to event log ${known}, but EVENTSTORE_URL leads to event log ${logId}.`);
};
