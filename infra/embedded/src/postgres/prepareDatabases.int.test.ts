import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { execute } from '../../test/postgres.js';
import { DATABASE_ROLES, type DatabaseRole } from '../dataFolder/secrets.js';
import { prepareDatabases } from './prepareDatabases.js';
import { type PostgresEngine, startPostgres } from './startPostgres.js';

let folder: string;
let engine: PostgresEngine;
const passwords = (suffix: string) =>
  Object.fromEntries(DATABASE_ROLES.map((role) => [role, `${role}'s "${suffix}"`])) as Record<DatabaseRole, string>;
const as = (role: DatabaseRole, database: string, sql = 'select 1', suffix = 'second') =>
  execute(engine.url(database, role, passwords(suffix)[role]), sql);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-databases-'));
  engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });
  await prepareDatabases(engine, passwords('first'));
  await execute(engine.url('vault'), 'create table kept (n int)');
  await prepareDatabases(engine, passwords('second'));
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

describe('prepareDatabases', () => {
  it('can be repeated: it keeps existing tables and sets the new passwords', async () => {
    expect((await execute(engine.url('vault'), `select to_regclass('kept') as kept`)).rows).toEqual([{ kept: 'kept' }]);
    await as('command', 'vault');
    await expect(as('command', 'vault', 'select 1', 'first')).rejects.toMatchObject({ code: '28P01' });
  });

  it('sends no password, which a server might log with the statement', async () => {
    const query = jest.spyOn(pg.Client.prototype, 'query');
    await prepareDatabases(engine, passwords('second'));
    const sent = query.mock.calls.map(([text]) => String(text)).join('\n');
    query.mockRestore();
    expect(sent).toContain("alter role query login password 'SCRAM-SHA-256$");
    expect(sent).not.toContain('second');
  });

  it('sets passwords that are not in ASCII', async () => {
    const other = 'pass\u00a0wo\u00adrd \u212b \ufb01';
    await prepareDatabases(engine, { ...passwords('third'), query: other });
    await execute(engine.url('users', 'query', other), 'select 1');
    await prepareDatabases(engine, passwords('second'));
  });

  it('G-05 lets each role connect to the databases it owns or reads, and to no other', async () => {
    const allowed: string[] = [];
    for (const role of DATABASE_ROLES) {
      for (const database of ['log', 'vault', 'users']) {
        const connected = await as(role, database).then(
          () => true,
          (error: { code?: string }) => {
            expect(error.code).toBe('42501');
            return false;
          },
        );
        if (connected) allowed.push(`${role} ${database}`);
      }
    }
    expect(allowed).toEqual([
      'log log',
      'command vault',
      'command users',
      'projector vault',
      'projector users',
      'notifier vault',
      'notifier users',
      'query vault',
      'query users',
      'notary vault',
      'notary users',
    ]);
  });

  it('lets owners create tables in their schema, and readers create none', async () => {
    await as('log', 'log', 'create table own (n int)');
    await as('command', 'vault', 'create table own (n int)');
    await as('projector', 'users', 'create table read.own (n int)');
    await as('notifier', 'users', 'create table notifier.own (n int)');
    await as('notary', 'users', 'create table notary.own (n int)');
    const denied = { code: '42501' };
    await expect(as('notifier', 'vault', 'create table stray (n int)')).rejects.toMatchObject(denied);
    await expect(as('notifier', 'vault', 'select * from own')).rejects.toMatchObject(denied);
    await expect(as('query', 'users', 'select * from read.own')).rejects.toMatchObject(denied);
    await expect(as('projector', 'users', 'create table notifier.stray (n int)')).rejects.toMatchObject(denied);
    await expect(as('projector', 'users', 'select * from notary.own')).rejects.toMatchObject(denied);
    await expect(as('command', 'users', 'select * from notary.own')).rejects.toMatchObject(denied);
    await expect(as('projector', 'users', 'create schema stray')).rejects.toMatchObject(denied);
  });
});
