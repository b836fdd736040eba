import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type World, world } from '../test/world.js';
import { forgetReadModel } from './forgetReadModel.js';

describe('forgetReadModel', () => {
  let here: World;
  beforeAll(async () => {
    here = await world();
  });
  afterAll(() => here.close());

  const fileOf = async (): Promise<string> => {
    await here.pool.query('checkpoint');
    const { rows } = await here.pool.query<{ folder: string; file: string }>(
      `select current_setting('data_directory') as folder, pg_relation_filepath('read.user_profile_v1') as file`,
    );
    return readFile(join(rows[0]?.folder ?? '', rows[0]?.file ?? ''), 'latin1');
  };

  it('G-03 leaves nothing of a deleted row in the file of its table', async () => {
    await here.pool.query(
      `insert into read.user_profile_v1 select gen_random_uuid(), 'canary@example.org', 'canary', 'active', '{user}', now(), 0, 1`,
    );
    expect(await fileOf()).toContain('canary@example.org');
    await here.pool.query('delete from read.user_profile_v1');
    expect(await fileOf()).toContain('canary@example.org');
    await forgetReadModel(here.pool);
    expect(await fileOf()).not.toContain('canary');
  });

  it('gives its connection back broken when it could not finish', async () => {
    await here.pool.query('alter table read.parked rename to elsewhere');
    await expect(forgetReadModel(here.pool)).rejects.toMatchObject({ code: '42P01' });
    await here.pool.query('alter table read.elsewhere rename to parked');
    const { rows } = await here.pool.query('show statement_timeout');
    expect(rows).toEqual([{ statement_timeout: '5s' }]);
  });
});
