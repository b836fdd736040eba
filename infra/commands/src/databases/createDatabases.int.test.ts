import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@ums/embedded/freePort';
import { type PostgresEngine, startPostgres } from '@ums/embedded/postgres/startPostgres';
import { execute } from '../../../embedded/test/postgres.js';
import { createDatabases } from './createDatabases.js';

let folder: string;
let engine: PostgresEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-databases-'));
  engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const PASSWORDS = {
  DATABASE_PASSWORD_COMMAND: 'password of command',
  DATABASE_PASSWORD_PROJECTOR: 'password of projector',
  DATABASE_PASSWORD_NOTIFIER: 'password of notifier',
  DATABASE_PASSWORD_QUERY: 'password of query',
  DATABASE_PASSWORD_NOTARY: 'password of notary',
};

describe('npm run databases', () => {
  it('creates the databases and roles of the services and none of the log server, also twice at once, and can be repeated', async () => {
    const env = { POSTGRES_URL: engine.url('postgres'), ...PASSWORDS };
    const ready = 'The databases vault and users are ready.';
    expect(await Promise.all([createDatabases(env), createDatabases(env)])).toEqual([ready, ready]);
    expect(await createDatabases(env)).toBe(ready);
    const { rows } = await execute(engine.url('postgres'), 'select datname from pg_database where not datistemplate');
    expect(rows.map(({ datname }) => datname).sort()).toEqual(['postgres', 'users', 'vault']);
    await execute(engine.url('vault', 'command', 'password of command'), 'create table own (n int)');
    await execute(engine.url('users', 'projector', 'password of projector'), 'create table read.own (n int)');
    await execute(engine.url('users', 'notifier', 'password of notifier'), 'create table notifier.own (n int)');
    await execute(engine.url('users', 'query', 'password of query'), 'select 1');
    await execute(engine.url('users', 'notary', 'password of notary'), 'create table notary.own (n int)');
  });

  it('makes databases in UTF-8 on a server whose new databases are not, and refuses one that exists and is not', async () => {
    const other = await startPostgres({ dataDir: join(folder, 'latin'), fsync: false });
    const onServer = (sql: string) => execute(other.url('postgres'), sql);
    const inLatin1 = `template template0 encoding 'LATIN1' locale_provider libc locale 'C'`;
    await onServer('alter database template1 is_template false');
    await onServer('drop database template1');
    await onServer(`create database template1 ${inLatin1}`);
    const env = { POSTGRES_URL: other.url('postgres'), ...PASSWORDS };
    expect(await createDatabases(env)).toBe('The databases vault and users are ready.');
    expect((await execute(other.url('users'), 'show server_encoding')).rows).toEqual([{ server_encoding: 'UTF8' }]);
    await onServer('drop database users');
    await onServer(`create database users ${inLatin1}`);
    const refused = createDatabases(env);
    await expect(refused).rejects.toThrow('The database users has the encoding LATIN1, not UTF8.');
    await other.close();
  });

  it('K-01 lists the variables that are missing', async () => {
    await expect(createDatabases({})).rejects.toThrow(
      /POSTGRES_URL is missing[\s\S]*DATABASE_PASSWORD_NOTARY is missing/,
    );
  });

  it('fails with one sentence when Postgres does not answer or refuses the password', async () => {
    const unused = `postgresql://postgres@127.0.0.1:${await freePort(0, '127.0.0.1')}/postgres`;
    await expect(createDatabases({ POSTGRES_URL: unused, ...PASSWORDS })).rejects.toThrow(
      'The databases cannot be created (ECONNREFUSED).',
    );
    const wrong = engine.url('postgres', 'postgres', 'wrong');
    await expect(createDatabases({ POSTGRES_URL: wrong, ...PASSWORDS })).rejects.toThrow(
      'The databases cannot be created (28P01).',
    );
  });
});
