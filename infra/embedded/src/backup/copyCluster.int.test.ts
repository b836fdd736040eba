import { chown, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postgresProcess } from '../../test/postgresProcess.js';
import { asUser } from '../postgres/unprivilegedRunner.js';
import { withConnection } from '../postgres/withConnection.js';
import { copyCluster } from './copyCluster.js';

const isRoot = process.getuid?.() === 0;
const OWNER = isRoot ? 65_534 : process.getuid?.();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-cluster-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('copyCluster', () => {
  it('gives each file of the copy to the owner of the cluster, also when root makes it', async () => {
    if (isRoot) await chown(folder, 65_534, 65_534);
    const dataDir = join(folder, 'postgres');
    const server = postgresProcess(dataDir, isRoot ? asUser(65_534) : {});
    const { url } = await server.started;
    const copy = join(folder, 'copy');
    await withConnection(url, async (client) => {
      await client.query(`select pg_create_physical_replication_slot('backup', true, true)`);
      await expect(copyCluster(url, dataDir, copy)).rejects.toThrow('Another backup is being made; wait for its end.');
    });
    await copyCluster(url, dataDir, copy);
    server.child.kill('SIGTERM');
    await server.ended;
    const names = await readdir(copy, { recursive: true });
    expect(names).toContain('backup_label');
    const owners = await Promise.all(names.map(async (name) => (await stat(join(copy, name))).uid));
    expect(new Set(owners)).toEqual(new Set([OWNER]));
  }, 300_000);
});
