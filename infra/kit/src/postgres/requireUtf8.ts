import type pg from 'pg';
import { StartRefused } from '../startRefused.js';

/**
 * Checks that a database holds every text. In another encoding most names of the world cannot be stored, and `SQL_ASCII`,
 * which servers get that were set up without a locale, compares bytes instead of characters.
 * @throws StartRefused with the encoding that it has.
 */
export const requireUtf8 = async (client: Pick<pg.Client, 'query'>): Promise<void> => {
  const { rows } = await client.query<{ database: string; encoding: string }>(
    `select current_database() as database, current_setting('server_encoding') as encoding`,
  );
  const [{ database, encoding }] = rows as [(typeof rows)[number]];
  if (encoding !== 'UTF8') throw new StartRefused(`The database ${database} has the encoding ${encoding}, not UTF8.`);
};
