import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREATE_SCHEMA } from '@ums/embedded/eventstore/storage/schema';
import { prepareDatabases, type RolePasswords } from '@ums/embedded/postgres/prepareDatabases';
import { type PostgresEngine, startPostgres } from '@ums/embedded/postgres/startPostgres';
import { withConnection } from '@ums/embedded/postgres/withConnection';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { fixtureSecrets } from './fixtureSecrets.mjs';

/** The first line of a recording. */
export interface Recording {
  /** ISO 8601. */
  recordedAt: string;
  /** The files of the migrations that the recorded version had, by service. */
  migrations: Record<'command-api' | 'projector' | 'notifier', string[]>;
  /** What people held when it was recorded: links of mails, and the refresh token of a session. */
  tokens: Record<'confirm' | 'change' | 'refresh', string>;
}

interface RecordedRow {
  database: 'log' | 'vault' | 'users';
  table: string;
  /** JSON. */
  row: string;
}

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** Makes the data folder that an earlier version left behind, from what `recordFolder.mjs` printed of it. */
export const recordedFolder = async (file: string, dataDir: string): Promise<Recording> => {
  const [first = '', ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const recording = JSON.parse(first) as Recording;
  const secrets = fixtureSecrets();
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(join(dataDir, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
  await writeFile(join(dataDir, 'version'), '1\n', { mode: 0o600 });
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), fsync: false });
  try {
    await createTables(postgres, secrets, recording);
    const rows = lines.map((line) => JSON.parse(line) as RecordedRow);
    for (const database of ['log', 'vault', 'users'] as const)
      await fillTables(
        postgres,
        database,
        rows.filter((row) => row.database === database),
      );
  } finally {
    await postgres.close();
  }
  return recording;
};

const ROLES = ['log', 'command', 'projector', 'notifier', 'query'] as const;

const createTables = async (
  postgres: PostgresEngine,
  secrets: Record<string, string>,
  { migrations }: Recording,
): Promise<void> => {
  const passwordOf = (role: string): string => secrets[`DATABASE_PASSWORD_${role.toUpperCase()}`] ?? '';
  const passwords = Object.fromEntries(ROLES.map((role) => [role, passwordOf(role)]));
  await prepareDatabases(postgres, { ...passwords, notary: 'unused' } as unknown as RolePasswords);
  // The recorded version had no notary.
  for (const database of ['vault', 'users'])
    await withConnection(postgres.url(database), (client) => client.query('drop owned by notary'));
  await withConnection(postgres.url('users'), (client) => client.query('drop role notary'));
  const urlOf = (database: string, role: string) => postgres.url(database, role, passwordOf(role));
  await withConnection(urlOf('log', 'log'), (client) => client.query(CREATE_SCHEMA));
  await migrateTo(urlOf('vault', 'command'), 'command-api', migrations['command-api']);
  await migrateTo(urlOf('users', 'projector'), 'projector', migrations.projector, 'read');
  await migrateTo(urlOf('users', 'notifier'), 'notifier', migrations.notifier, 'notifier');
};

/** Applies some migrations of a service; the others are what the test is about. */
const migrateTo = async (url: string, service: string, names: readonly string[], schema?: string): Promise<void> => {
  const from = join(ROOT, service, 'migrations');
  const dir = await mkdtemp(join(tmpdir(), 'ums-migrations-'));
  try {
    for (const name of names) await cp(join(from, name), join(dir, name));
    await migrate({ url, dir, log: silentLog, ...(schema && { schema }) });
  } finally {
    await rm(dir, { recursive: true });
  }
};

const fillTables = (postgres: PostgresEngine, database: string, rows: readonly RecordedRow[]): Promise<void> =>
  withConnection(postgres.url(database), async (client) => {
    // Foreign keys and triggers: the rows are complete as they are.
    await client.query('set session_replication_role = replica');
    for (const { table, row } of rows)
      await client.query(
        `insert into ${table} overriding system value select * from jsonb_populate_record(null::${table}, $1)`,
        [row],
      );
    for (const table of new Set(rows.map((row) => row.table))) await continueSequences(client, table);
  });

type Connection = Parameters<Parameters<typeof withConnection>[1]>[0];

const continueSequences = async (client: Connection, table: string): Promise<void> => {
  const { rows } = await client.query<{ name: string; sequence: string }>(
    `select attname as name, pg_get_serial_sequence($1, attname) as sequence from pg_attribute
     where attrelid = $1::regclass and attidentity <> ''`,
    [table],
  );
  for (const { name, sequence } of rows)
    await client.query(`select setval($1, (select max(${name}) from ${table}))`, [sequence]);
};
