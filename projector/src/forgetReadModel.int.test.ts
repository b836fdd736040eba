import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { execute } from '../../infra/embedded/test/postgres.js';
import { until } from '../../infra/kit/test/until.js';
import { createWorld, type World } from '../test/world.js';
import { forgetReadModel } from './forgetReadModel.js';

describe('forgetReadModel', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  /** Of the tables with personal data and the index of search terms. */
  const fileContent = async (): Promise<string> => {
    // Without a time-out: it waits for what all tests have written on this server.
    await execute(world.readUrl, 'checkpoint');
    const { rows } = await world.pool.query<{ folder: string; file: string }>(
      `select current_setting('data_directory') as folder, pg_relation_filepath(name::regclass) as file
       from unnest('{read.user_profile_v1,read.user_term_v1,read.user_term_v1_standing}'::text[]) as name`,
    );
    const contents = await Promise.all(rows.map(({ folder, file }) => readFile(join(folder, file), 'latin1')));
    return contents.join();
  };

  it('G-03 removes deleted rows from the data files of their tables', async () => {
    await world.pool.query(
      `insert into read.user_profile_v1
       select gen_random_uuid(), 'canary@example.org', 'canary', 'active', '{user}', now(), 0, 1, '{canary}', 2`,
    );
    expect(await fileContent()).toContain('canary@example.org');
    await world.pool.query('delete from read.user_profile_v1');
    expect(await fileContent()).toContain('canary@example.org');
    // `forget` has one connection.
    const pool = createPool({ url: world.readUrl, applicationName: 'test', max: 1, log: silentLog });
    // A snapshot of another session may still see the deleted row; the rewrite keeps it as long.
    await until(async () => {
      await forgetReadModel(pool);
      return !(await fileContent()).includes('canary');
    });
    await pool.end();
  });

  it('discards its connection with the changed time-out when it fails', async () => {
    await world.pool.query('alter table read.parked rename to elsewhere');
    const pool = createPool({ url: world.readUrl, applicationName: 'test', max: 1, log: silentLog });
    await expect(forgetReadModel(pool)).rejects.toMatchObject({ code: '42P01' });
    await world.pool.query('alter table read.elsewhere rename to parked');
    const { rows } = await pool.query('show statement_timeout');
    expect(rows).toEqual([{ statement_timeout: '5s' }]);
    await pool.end();
  });
});
