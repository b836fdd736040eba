import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { until } from '../../../kit/test/until.js';
import { execute } from '../../test/postgres.js';
import { filesWithTraces } from '../../test/traceFinder.js';
import { type PostgresEngine, startPostgres } from '../postgres/startPostgres.js';
import { withConnection } from '../postgres/withConnection.js';
import { dropOldWal } from './dropOldWal.js';

const CANARY = 'canary@example.org';

let folder: string;
let engine: PostgresEngine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-wal-'));
  engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });
}, 180_000);
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const onServer = <T>(work: (client: pg.Client) => Promise<T>) => withConnection(engine.url('postgres'), work);
const traces = async () => Object.keys(await filesWithTraces(folder, { CANARY }));

describe('dropOldWal', () => {
  it('G-03 waits for what keeps the old log, and says what it is', async () => {
    await onServer(async (client) => {
      await client.query(`create table note as select '${CANARY}' as text`);
      await client.query('drop table note');
      const slot = `select pg_create_physical_replication_slot('backup', true)`;
      await client.query(slot);
      await expect(dropOldWal(client, 0)).rejects.toThrow(
        'kept by a backup that is being made; run forget again later',
      );
      expect(await traces()).toEqual(['CANARY']);
      await client.query(`select pg_copy_physical_replication_slot('backup', 'replica')`);
      await client.query(`select pg_drop_replication_slot('backup')`);
      await expect(dropOldWal(client, 0)).rejects.toThrow('kept by the replication slot replica;');
      const dropping = dropOldWal(client, 60_000);
      await execute(engine.url('postgres'), `select pg_drop_replication_slot('replica')`);
      await dropping;
      expect(await traces()).toEqual([]);
    });
  }, 180_000);

  it('takes no disk while it waits', async () => {
    await onServer(async (client) => {
      const segments = async () => (await client.query('select from pg_ls_waldir()')).rowCount ?? 0;
      await client.query(`select pg_create_physical_replication_slot('backup', true)`);
      const before = await segments();
      await expect(dropOldWal(client, 1_500)).rejects.toThrow('kept by a backup');
      expect(await segments()).toBeLessThanOrEqual(before + 1);
      await client.query(`select pg_drop_replication_slot('backup')`);
      await dropOldWal(client, 60_000);
    });
  }, 180_000);

  it('names other settings that keep the log', async () => {
    await onServer(async (client) => {
      await client.query(`alter system set wal_keep_size = '1GB'`);
      await client.query('select pg_reload_conf()');
      // The process that makes checkpoints reads the settings some time later.
      let message = '';
      await until(async () => {
        message = await dropOldWal(client, 0).then(
          () => '',
          (error: Error) => error.message,
        );
        return message !== '';
      });
      expect(message).toContain('kept by wal_keep_size or an archiver that fails;');
      await client.query('alter system reset wal_keep_size');
      await client.query('select pg_reload_conf()');
      await dropOldWal(client, 60_000);
    });
  }, 180_000);

  it('refuses a server that reuses old log', async () => {
    await onServer(async (client) => {
      await client.query('set wal_recycle = on');
      await expect(dropOldWal(client, 0)).rejects.toThrow('Set wal_recycle=off on the server');
    });
  });
});
