import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execute } from '../../test/postgres.js';
import { type RunningEngines, startEngines } from '../startEngines.js';
import { backUp } from './backUp.js';

let folder: string;
let engines: RunningEngines;
const onFatal = (error: Error): void => {
  throw error;
};
const startOn = (name: string) => startEngines({ dataDir: join(folder, name), inboxPort: 0, fsync: false, onFatal });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-backup-'));
  engines = await startOn('data');
});
afterAll(async () => {
  await engines.close();
  await rm(folder, { recursive: true, force: true });
});

describe('backUp', () => {
  it('makes a data folder with all that was committed before, while other transactions go on', async () => {
    const vault = engines.vaultFor('command');
    await execute(vault, 'create table kept (n int)');
    let written = 0;
    let isOver = false;
    const writing = (async () => {
      while (!isOver) await execute(vault, `insert into kept values (${written++})`);
    })();
    await mkdir(join(folder, 'data', 'checkpoints'));
    await writeFile(join(folder, 'data', 'checkpoints', 'checkpoints'), 'signed');
    const before = written;
    await backUp(join(folder, 'data'), join(folder, 'copy'), engines);
    const after = written;
    isOver = true;
    await writing;
    const restored = await startOn('copy');
    const { rows } = await execute(restored.vaultFor('command'), 'select max(n) as last, count(*)::int from kept');
    await restored.close();
    expect(rows[0].count).toBe(rows[0].last + 1);
    expect(rows[0].last).toBeGreaterThanOrEqual(before - 1);
    expect(rows[0].last).toBeLessThan(after);
    expect(after).toBeGreaterThan(before);
    expect(restored.secrets).toEqual(engines.secrets);
    expect(await readdir(join(folder, 'copy', 'checkpoints'))).toEqual(['checkpoints']);
  });

  it('leaves no slot that would keep write-ahead log', async () => {
    expect((await execute(engines.postgres, 'select from pg_replication_slots')).rowCount).toBe(0);
  });

  it('refuses a folder that exists, and one in the data folder', async () => {
    const dataDir = join(folder, 'data');
    await mkdir(join(folder, 'other.unfinished'));
    await expect(backUp(dataDir, folder, engines)).rejects.toThrow(`${folder} exists already; nothing was changed.`);
    await expect(backUp(dataDir, join(folder, 'other'), engines)).rejects.toThrow(
      'other.unfinished exists already: another backup runs, or delete it. Nothing was changed.',
    );
    await expect(backUp(dataDir, join(dataDir, 'backup'), engines)).rejects.toThrow('outside of the data folder');
    await expect(backUp(dataDir, join(folder, 'none', 'backup'), engines)).rejects.toThrow(
      `The folder ${join(folder, 'none')} does not exist; make it first.`,
    );
  });

  it('says why it could not begin, and of nothing to delete', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(backUp(join(folder, 'data'), join(folder, 'file', 'backup'), engines)).rejects.toThrow(
      'The backup failed (ENOTDIR).',
    );
  });

  it('leaves nothing, with the secrets in it, when another backup is being made', async () => {
    await execute(engines.postgres, `select pg_create_physical_replication_slot('backup')`);
    await expect(backUp(join(folder, 'data'), join(folder, 'second'), engines)).rejects.toThrow('Another backup');
    await execute(engines.postgres, `select pg_drop_replication_slot('backup')`);
    expect((await readdir(folder)).filter((name) => name.startsWith('second'))).toEqual([]);
  });

  it('says what to delete when it fails', async () => {
    const nowhere = { postgres: 'postgresql://postgres@127.0.0.1:1/postgres' };
    await expect(backUp(join(folder, 'data'), join(folder, 'failed'), nowhere)).rejects.toThrow(
      `The backup failed (ECONNREFUSED); delete ${join(folder, 'failed.unfinished')}.`,
    );
  });
});
