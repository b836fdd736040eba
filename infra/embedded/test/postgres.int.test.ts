import { describe, expect, it } from '@jest/globals';
import { execute, testDatabase } from './postgres.js';

describe('testDatabase', () => {
  it('gives each of several concurrent callers its own empty UTF-8 database', async () => {
    const databases = await Promise.all([testDatabase(), testDatabase('other')]);
    const [first, second] = databases;
    await execute(first.url, 'create table t (n int)');
    const { rows } = await execute(
      second.url,
      `select to_regclass('t') as t, current_setting('server_encoding') as encoding`,
    );
    expect(rows).toEqual([{ t: null, encoding: 'UTF8' }]);
    await Promise.all(databases.map((database) => database.drop()));
    await expect(execute(first.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it('has the roles that migrations grant privileges to', async () => {
    const database = await testDatabase();
    const { rows } = await execute(
      database.url,
      `select rolname from pg_roles where rolname not like 'pg_%' order by 1`,
    );
    expect(rows.map((row) => row.rolname)).toEqual([
      ...['command', 'log', 'notary', 'notifier', 'postgres', 'projector', 'query'],
    ]);
    await database.drop();
  });
});
