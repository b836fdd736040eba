import { awaitTables } from '@ums/kit/postgres/awaitTables';
import { checkSecret } from '@ums/kit/sealing/secretCheck';
import { StartRefused } from '@ums/kit/startRefused';
import type pg from 'pg';
import type { NotifierConfig } from './config.js';

const TABLES = [
  'data_key',
  'registration',
  'address',
  'account',
  'mail_request',
  'farewell',
  'log_identity',
  'secret_check',
];

/**
 * Waits for the vault, then proves that it belongs to these secrets and to this log: with a foreign one every
 * registration would look as if it had ended.
 *
 * @throws StartRefused
 */
export const checkVault = async (vault: pg.Pool, secrets: Secrets, logId: string): Promise<void> => {
  await awaitTables(vault, TABLES, { owner: 'command-api' });
  for (const name of ['MASTER_KEY', 'ADDRESS_KEY', 'MAIL_TOKEN_KEY'] as const)
    await checkSecret(vault, name, secrets[name]);
  const { rows } = await vault.query<{ log_id: string }>('select log_id from log_identity');
  if (rows.some((row) => row.log_id !== logId))
    throw new StartRefused('The event log is not the one this vault was made with.');
};

type Secrets = Pick<NotifierConfig, 'MASTER_KEY' | 'ADDRESS_KEY' | 'MAIL_TOKEN_KEY'>;
