import { setTimeout as sleep } from 'node:timers/promises';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Log } from '../log.js';

export interface MigrateOptions {
  url: string;
  /** Folder of numbered SQL files, applied in order, each once. */
  dir: string;
  /** Where the tables go; made when missing. `public` unless told. */
  schema?: string;
  /** Records what was applied; `migration` unless told. */
  table?: string;
  log: Log;
}

/** One lock for all: migrations of one database run one after another, whoever starts them. */
const LOCK_KEY = 7_241_865_325_823_965n;

/**
 * Brings a database to its newest schema in one transaction. Several processes may start at once: one migrates, the
 * others wait for it and find nothing to do.
 */
export const migrate = async ({ url, dir, schema = 'public', table = 'migration', log }: MigrateOptions) => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await locked(client);
    const applied = await runner({
      dbClient: client,
      dir,
      direction: 'up',
      schema,
      createSchema: await isMissing(client, schema),
      migrationsTable: table,
      noLock: true,
      singleTransaction: true,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    if (applied.length > 0) log.info('schema migrated', { count: applied.length });
  } finally {
    await client.end();
  }
};

/** `create schema if not exists` asks for the right to create even where there is nothing to do. */
const isMissing = async (client: pg.Client, schema: string): Promise<boolean> => {
  const { rows } = await client.query<{ missing: boolean }>('select to_regnamespace($1) is null as missing', [schema]);
  return rows[0]?.missing === true;
};

/** Tried, not waited for on the server: a session that waits there is one more that can be cut by a time-out. */
const locked = async (client: pg.Client): Promise<void> => {
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1::bigint) as held', [
      String(LOCK_KEY),
    ]);
    if (rows[0]?.held) return;
    await sleep(50);
  }
};
