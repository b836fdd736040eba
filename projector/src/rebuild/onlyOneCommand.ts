import { StartRefused } from '@ums/kit/startRefused';
import pg from 'pg';

/**
 * Makes sure that one command at a time changes the copies of a projection, by an advisory lock that ends with its connection.
 *
 * @returns what releases it.
 * @throws StartRefused when another command holds it; errors of Postgres.
 */
export const onlyOneCommand = async (url: string, projection: string): Promise<() => Promise<void>> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ held: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
    [`copies of ${projection}`],
  );
  if (rows[0]?.held) return () => client.end();
  await client.end();
  throw new StartRefused(`Another command is working on ${projection}.`);
};
