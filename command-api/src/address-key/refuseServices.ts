import type { Transaction } from '@ums/kit/postgres/transaction';
import { StartRefused } from '@ums/kit/startRefused';

/** Name under which the commands of `npm run keys` connect. */
export const KEYS_COMMAND = 'keys';

/**
 * Every service that has ADDRESS_KEY holds a connection to the vault as long as it runs, so nobody else may have one.
 *
 * @throws StartRefused with the names of the connections, as `pg_stat_activity` shows them.
 */
export const refuseServices = async (vault: Transaction): Promise<void> => {
  const { rows } = await vault.query<{ name: string }>({
    name: 'find-other-connections',
    text: `select distinct coalesce(nullif(application_name, ''), 'without a name') as name from pg_stat_activity
           where datname = current_database() and backend_type = 'client backend' and application_name <> $1 order by name`,
    values: [KEYS_COMMAND],
  });
  if (rows.length > 0)
    throw new StartRefused(
      `The vault is in use (${rows.map(({ name }) => name).join(', ')}): stop all services and end all connections to it first.`,
    );
};
