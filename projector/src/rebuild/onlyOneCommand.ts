import { setTimeout as sleep } from 'node:timers/promises';
import { StartRefused } from '@ums/kit/startRefused';
import pg from 'pg';

/** Postgres ends the statement of a command that was killed before it ends the connection. */
const WAIT_MS = 10_000;
const RETRY_MS = 100;

/**
 * Makes sure that one command at a time changes the copies of a projection, by an advisory lock that ends with its connection.
 *
 * @param waitMs for the other command. @default 10 s
 * @returns what releases it.
 * @throws StartRefused when another command holds it; errors of Postgres.
 */
export const onlyOneCommand = async (
  url: string,
  projection: string,
  waitMs = WAIT_MS,
): Promise<() => Promise<void>> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  for (const end = performance.now() + waitMs; performance.now() < end; await sleep(RETRY_MS)) {
    const { rows } = await client.query<{ held: boolean }>({
      name: 'try-command-lock',
      text: 'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
      values: [`copies of ${projection}`],
    });
    if (rows[0]?.held) return () => client.end();
  }
  await client.end();
  throw new StartRefused(`Another command is working on ${projection}.`);
};
