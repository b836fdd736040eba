import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabases } from '@ums/commands/databases/createDatabases';
import { type PostgresEngine, startPostgres } from '@ums/embedded/postgres/startPostgres';
import { execute } from '../../../embedded/test/postgres.js';
import { ADMINISTRATOR, ADMINISTRATOR_PARAMETERS } from './administrator.js';
import { DATABASE_ROLES, passwordName } from './databaseRoles.js';

let folder: string;
let engine: PostgresEngine;
let administrator: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-administrator-'));
  engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });
  // As on RDS: the superuser has another name, and ADMINISTRATOR may create roles and databases.
  await execute(engine.url('postgres'), "create role rdsadmin superuser login password 'password of rdsadmin'");
  const superuser = engine.url('postgres', 'rdsadmin', 'password of rdsadmin');
  await execute(superuser, 'alter role postgres rename to bootstrap');
  await execute(
    superuser,
    `create role ${ADMINISTRATOR} createrole createdb login password 'password of administrator'`,
  );
  administrator = engine.url('postgres', ADMINISTRATOR, 'password of administrator');
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const PASSWORDS = Object.fromEntries(DATABASE_ROLES.map((role) => [passwordName(role), `password of ${role}`]));

describe('npm run databases on RDS', () => {
  it('creates the databases as an administrator that is no superuser, and can be repeated', async () => {
    const env = { POSTGRES_URL: `${administrator}?${ADMINISTRATOR_PARAMETERS}`, ...PASSWORDS };
    expect(await createDatabases(env)).toBe('The databases vault and users are ready.');
    await createDatabases(env);
    for (const [role, database, table] of [
      ['command', 'vault', 'own'],
      ['projector', 'users', 'read.own'],
      ['notifier', 'users', 'notifier.own'],
      ['notary', 'users', 'notary.own'],
    ] as const)
      await execute(engine.url(database, role, `password of ${role}`), `create table ${table} (n int)`);
    await execute(engine.url('users', 'query', 'password of query'), 'select 1');
  });
});
