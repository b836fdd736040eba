import { requireUtf8 } from '@ums/kit/postgres/requireUtf8';
import type pg from 'pg';
import { DATABASE_ROLES, type DatabaseRole } from '../dataFolder/secrets.js';
import { scramVerifier } from './scramVerifier.js';
import type { PostgresEngine } from './startPostgres.js';
import { withConnection } from './withConnection.js';

interface Database {
  name: 'log' | 'vault' | 'users';
  owner: DatabaseRole | 'postgres';
  /** Roles that may connect. The owner's migrations grant what they may read. */
  readers: readonly DatabaseRole[];
  /** Schemas to create, each with its owner. */
  schemas: readonly (readonly [name: string, owner: DatabaseRole])[];
}

const DATABASES: readonly Database[] = [
  { name: 'log', owner: 'log', readers: [], schemas: [] },
  { name: 'vault', owner: 'command', readers: ['projector', 'notifier', 'query', 'notary'], schemas: [] },
  {
    name: 'users',
    owner: 'postgres',
    readers: ['command', 'projector', 'notifier', 'query', 'notary'],
    schemas: [
      ['read', 'projector'],
      ['notifier', 'notifier'],
      ['notary', 'notary'],
    ],
  },
];

/** The passwords of the roles. Without one for `log`, that role and its database are left out: the event log is elsewhere. */
export type RolePasswords = Readonly<Record<Exclude<DatabaseRole, 'log'>, string>> & { readonly log?: string };

/**
 * Creates missing databases, schemas and login roles, and sets the roles' passwords. May be repeated after an interruption. Several
 * processes may do so at once: they take turns.
 * @throws StartRefused when a database that exists is not in UTF-8; errors of Postgres.
 */
export const prepareDatabases = async (
  engine: Pick<PostgresEngine, 'url'>,
  passwords: RolePasswords,
): Promise<void> => {
  const wanted = DATABASES.filter(({ name }) => name !== 'log' || passwords.log !== undefined);
  await withConnection(engine.url('postgres'), async (client) => {
    await client.query(`select pg_advisory_lock(hashtextextended('ums databases', 0))`);
    const roles = await namesOf(client, 'select rolname as name from pg_roles');
    for (const role of DATABASE_ROLES) {
      const password = passwords[role];
      if (password === undefined) continue;
      const verb = roles.has(role) ? 'alter' : 'create';
      await client.query(`${verb} role ${role} login password ${client.escapeLiteral(scramVerifier(password))}`);
    }
    const databases = await namesOf(client, 'select datname as name from pg_database');
    const inUtf8 = await utf8Clause(client);
    for (const { name, owner } of wanted) {
      if (!databases.has(name)) await client.query(`create database ${name} owner ${owner}${inUtf8}`);
    }
    for (const database of wanted) await withConnection(engine.url(database.name), (own) => permit(own, database));
  });
};

const permit = async (client: pg.Client, { name, owner, readers, schemas }: Database): Promise<void> => {
  await requireUtf8(client);
  await client.query(`revoke all on database ${name} from public`);
  await client.query(`grant connect on database ${name} to ${[owner, ...readers].join(', ')}`);
  for (const [schema, schemaOwner] of schemas)
    await client.query(`create schema if not exists ${schema} authorization ${schemaOwner}`);
};

/** What makes a new database UTF-8 on a server whose new databases are not. The locale `C` is on every server. */
const utf8Clause = async (client: pg.Client): Promise<string> => {
  const sql = `select pg_encoding_to_char(encoding) as name from pg_database where datname = 'template1'`;
  return (await namesOf(client, sql)).has('UTF8')
    ? ''
    : ` template template0 encoding 'UTF8' locale_provider libc locale 'C'`;
};

const namesOf = async (client: pg.Client, sql: string): Promise<Set<string>> =>
  new Set((await client.query<{ name: string }>(sql)).rows.map(({ name }) => name));
