import { setTimeout as sleep } from 'node:timers/promises';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Log } from '../log.js';
import { StartRefused } from '../startRefused.js';
import { codeOf, isLoginRejected, isUnavailable, unreachableReason } from './errors.js';
import { requireUtf8 } from './requireUtf8.js';
import { urlWithSettings } from './urlWithSettings.js';

export interface MigrateOptions {
  url: string;
  /** Folder of numbered SQL files; each is applied once. New ones are applied in order. */
  dir: string;
  /** Schema of the tables; created if missing. @default 'public' */
  schema?: string;
  log: Log;
}

/** Records the applied files, in the schema of the tables. */
const TABLE = 'migration';

/** One lock for all services, so that the migrations of a database never run in parallel. */
const LOCK_KEY = 7_241_865_325_823_965n;

/** Statements of the running services queue behind a migration that waits for a table, and may take little longer than this. */
const LOCK_TIMEOUT_MS = 500;
/** Then they have their turn. */
const PAUSE_MS = 1_000;
const LOCK_NOT_AVAILABLE = '55P03';
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Applies all new migrations in one transaction. Several processes may start at once: one migrates, the others wait and
 * then find nothing to do. While another session keeps a table locked, as a backup does, tries again every second or so.
 * @throws StartRefused when the database cannot be reached, rejects the login, does not let it set up the schema, or is not in
 * UTF-8.
 */
export const migrate = async ({ url, dir, schema = 'public', log }: MigrateOptions) => {
  const connectionString = urlWithSettings(url, [`lock_timeout=${LOCK_TIMEOUT_MS}`]);
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, keepAlive: true });
  client.on('error', () => undefined);
  await connect(client);
  try {
    await requireUtf8(client);
    await takeLock(client);
    let applied = await applyNew(client, { dir, schema });
    if (applied === undefined) log.warn('migrations wait for a table that another session has locked');
    for (; applied === undefined; applied = await applyNew(client, { dir, schema })) await sleep(PAUSE_MS);
    if (applied > 0) log.info('schema migrated', { count: applied });
  } finally {
    await client.end();
  }
};

const connect = async (client: pg.Client): Promise<void> => {
  try {
    await client.connect();
  } catch (error) {
    const { database, host, port } = client;
    const cause = { cause: error };
    if (isLoginRejected(error))
      throw new StartRefused(`The database ${database} rejects the login (${codeOf(error)}).`, cause);
    if (!isUnavailable(error)) throw error;
    throw new StartRefused(
      `The database ${database} at ${host}:${port} cannot be reached (${unreachableReason(error)}).`,
      cause,
    );
  }
};

/** @returns the number of migrations; `undefined`, and nothing is applied, if a table was locked for too long. */
const applyNew = async (
  client: pg.Client,
  { dir, schema }: { dir: string; schema: string },
): Promise<number | undefined> => {
  try {
    const applied = await runner({
      dbClient: client,
      dir,
      direction: 'up',
      schema,
      createSchema: await isMissing(client, schema),
      migrationsTable: TABLE,
      // Of two changes that are merged one after the other, the later one may have the lower number. Both orders must work.
      checkOrder: false,
      noLock: true,
      singleTransaction: true,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    return applied.length;
  } catch (error) {
    const code = codeOf(error);
    if (code === LOCK_NOT_AVAILABLE) return undefined;
    if (code !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new StartRefused(
      `The database ${client.database} does not let this login set up the schema ${schema} (${code}).`,
      {
        cause: error,
      },
    );
  }
};

/** Checked first, because `create schema if not exists` needs the privilege to create even when the schema exists. */
const isMissing = async (client: pg.Client, schema: string): Promise<boolean> => {
  const { rows } = await client.query<{ missing: boolean }>({
    name: 'find-missing-schema',
    text: 'select to_regnamespace($1) is null as missing',
    values: [schema],
  });
  return rows[0]?.missing === true;
};

/** Polls instead of blocking in `pg_advisory_lock`, where a statement time-out could end the wait. */
const takeLock = async (client: pg.Client): Promise<void> => {
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>({
      name: 'try-migration-lock',
      text: 'select pg_try_advisory_lock($1::bigint) as held',
      values: [String(LOCK_KEY)],
    });
    if (rows[0]?.held) return;
    await sleep(50);
  }
};
