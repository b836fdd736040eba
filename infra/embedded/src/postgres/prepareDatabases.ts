import type pg from 'pg';
import { type DatabaseRole, ROLES } from '../dataFolder/secrets.js';
import { onDatabase } from './onDatabase.js';
import type { PostgresEngine } from './startPostgres.js';

interface Database {
  name: 'log' | 'vault' | 'users';
  owner: DatabaseRole | 'postgres';
  /** May connect; what they may read there the owner's migrations grant. */
  readers: readonly DatabaseRole[];
  /** Schemas made in it, each with its owner. */
  schemas: readonly (readonly [name: string, owner: DatabaseRole])[];
}

const DATABASES: readonly Database[] = [
  { name: 'log', owner: 'log', readers: [], schemas: [] },
  { name: 'vault', owner: 'command', readers: ['projector', 'notifier', 'query'], schemas: [] },
  {
    name: 'users',
    owner: 'postgres',
    readers: ['projector', 'notifier', 'query'],
    schemas: [
      ['read', 'projector'],
      ['notifier', 'notifier'],
    ],
  },
];

/** Makes the databases, schemas and login roles that are missing, and sets the roles' passwords. Safe to repeat after a cut. */
export async function prepareDatabases(
  engine: Pick<PostgresEngine, 'url'>,
  passwords: Readonly<Record<DatabaseRole, string>>,
): Promise<void> {
  await onDatabase(engine.url('postgres'), async (client) => {
    const roles = await namesOf(client, 'select rolname as name from pg_roles');
    for (const role of ROLES) {
      const verb = roles.has(role) ? 'alter' : 'create';
      await client.query(`${verb} role ${role} login password ${client.escapeLiteral(passwords[role])}`);
    }
    const databases = await namesOf(client, 'select datname as name from pg_database');
    for (const { name, owner } of DATABASES) {
      if (!databases.has(name)) await client.query(`create database ${name} owner ${owner}`);
    }
  });
  for (const { name, owner, readers, schemas } of DATABASES) {
    await onDatabase(engine.url(name), async (client) => {
      await client.query(`revoke all on database ${name} from public`);
      await client.query(`grant connect on database ${name} to ${[owner, ...readers].join(', ')}`);
      for (const [schema, of] of schemas)
        await client.query(`create schema if not exists ${schema} authorization ${of}`);
    });
  }
}

const namesOf = async (client: pg.Client, sql: string): Promise<Set<string>> =>
  new Set((await client.query<{ name: string }>(sql)).rows.map(({ name }) => name));
