import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLog, silentLog } from '@ums/kit/log';
import { withConnection } from '../../../embedded/src/postgres/withConnection.js';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { until } from '../../test/until.js';
import { StartRefused } from '../startRefused.js';
import { migrate } from './migrate.js';

describe('migrate', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let dir: string;

  beforeAll(async () => {
    database = await testDatabase();
    dir = await mkdtemp(join(tmpdir(), 'migrations-'));
    await writeFile(join(dir, '0001_first.sql'), 'create table first (id int);');
  });
  afterAll(async () => {
    await database.drop();
    await rm(dir, { recursive: true });
  });

  const exists = async (table: string) =>
    (await execute(database.url, `select to_regclass('${table}') is not null as present`)).rows[0].present;

  it('applies each file once when several processes start at once', async () => {
    const lines: string[] = [];
    const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
    await Promise.all(Array.from({ length: 5 }, () => migrate({ url: database.url, dir, schema: 'read', log })));
    expect(await exists('read.first')).toBe(true);
    expect((await execute(database.url, 'select name from read.migration')).rows).toEqual([{ name: '0001_first' }]);
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['schema migrated']);
  });

  it('applies all new files or none of them', async () => {
    await writeFile(join(dir, '0002_second.sql'), 'create table second (id int);');
    await writeFile(join(dir, '0003_third.sql'), 'create table third (id nonsense);');
    const options = { url: database.url, dir, schema: 'read', log: silentLog };
    await expect(migrate(options)).rejects.toMatchObject({ code: '42704' });
    expect(await exists('read.second')).toBe(false);
    await writeFile(join(dir, '0003_third.sql'), 'create table third (id int);');
    await migrate(options);
    expect([await exists('read.second'), await exists('read.third')]).toEqual([true, true]);
  });

  it('applies a file that came later with a lower number', async () => {
    await writeFile(join(dir, '0002_merged.sql'), 'create table merged (id int);');
    await migrate({ url: database.url, dir, schema: 'read', log: silentLog });
    expect(await exists('read.merged')).toBe(true);
  });

  it('lets statements go before it while another session keeps a table locked, and migrates afterwards', async () => {
    await writeFile(join(dir, '0004_kept.sql'), 'alter table first add column added int;');
    const lines: string[] = [];
    const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
    const migrated = await withConnection(database.url, async (holder) => {
      await holder.query('begin; lock table read.first in access share mode');
      const migrating = migrate({ url: database.url, dir, schema: 'read', log });
      await until(() => lines.length > 0);
      expect(JSON.parse(lines[0] as string).msg).toBe('migrations wait for a table that another session has locked');
      await execute(database.url, 'select from read.first');
      return () => migrating;
    });
    await migrated();
    const { rows } = await execute(database.url, 'select added from read.first');
    expect(rows).toEqual([]);
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'info']);
  });

  it('needs no privilege to create schemas when its schema exists', async () => {
    await execute(database.url, 'create schema notifier authorization notifier');
    const url = `${database.url}?options=-c%20role%3Dnotifier`;
    await migrate({ url, dir, schema: 'notifier', log: silentLog });
    expect([await exists('notifier.third'), await exists('notifier.migration')]).toEqual([true, true]);
  });

  it('refuses a database that is not in UTF-8, and changes nothing in it', async () => {
    const name = `${new URL(database.url).pathname.slice(1)}_ascii`;
    await execute(
      database.url,
      `create database "${name}" template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'`,
    );
    const url = Object.assign(new URL(database.url), { pathname: `/${name}` }).href;
    const refused = migrate({ url, dir, schema: 'read', log: silentLog });
    await expect(refused).rejects.toThrow(`The database ${name} has the encoding SQL_ASCII, not UTF8.`);
    await expect(refused).rejects.toBeInstanceOf(StartRefused);
    expect((await execute(url, `select to_regnamespace('read') as schema`)).rows).toEqual([{ schema: null }]);
    await execute(database.url, `drop database "${name}" with (force)`);
  });

  it('says which database rejects the login', async () => {
    const gone = new URL(database.url);
    gone.pathname = '/gone';
    const migrating = migrate({ url: gone.href, dir, log: silentLog });
    await expect(migrating).rejects.toThrow('The database gone rejects the login (3D000).');
  });

  it.each([
    ['postgres://u:hidden@127.0.0.1:2/x', /^The database x at 127\.0\.0\.1:2 cannot be reached \(ECONNREFUSED\)\.$/],
    [
      'postgres://u:hidden@no.invalid/x',
      /^The database x at no\.invalid:5432 cannot be reached \((ENOTFOUND|EAI_AGAIN)\)\.$/,
    ],
  ])('says which database cannot be reached, and nothing else of its URL', async (url, sentence) => {
    const down = migrate({ url, dir, log: silentLog });
    await expect(down).rejects.toBeInstanceOf(StartRefused);
    await expect(down).rejects.toThrow(sentence);
  });

  it('says which database does not let it set up its schema', async () => {
    const url = `${database.url}?options=-c%20role%3Dnotifier`;
    await expect(migrate({ url, dir, schema: 'foreign', log: silentLog })).rejects.toThrow(
      `The database ${new URL(database.url).pathname.slice(1)} does not let this login set up the schema foreign (42501).`,
    );
  });

  it('uses the public schema by default', async () => {
    await migrate({ url: database.url, dir, log: silentLog });
    expect([await exists('public.first'), await exists('public.migration')]).toEqual([true, true]);
  });
});
