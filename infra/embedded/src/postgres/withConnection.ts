import { urlWithSettings } from '@ums/kit/postgres/urlWithSettings';
import pg from 'pg';

/** Runs `work` on a new connection, which is closed afterwards even if `work` fails. */
export const withConnection = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: urlWithSettings(url) });
  // A connection that breaks fails the statement that runs, or the next one.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};
