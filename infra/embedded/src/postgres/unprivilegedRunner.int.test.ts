import { chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execute } from '../../test/postgres.js';
import { postgresProcess } from '../../test/postgresProcess.js';
import { postgresBinaries } from './postgresBinaries.js';
import { startPostgres } from './startPostgres.js';
import { asUser, changeOwner, inNamespace, unprivilegedRunner } from './unprivilegedRunner.js';

const isRoot = process.getuid?.() === 0;
const UNPRIVILEGED_UID = isRoot ? 65_534 : (process.getuid?.() ?? 0);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-user-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('unprivilegedRunner', () => {
  it('starts directly as an unprivileged user', async () => {
    await chown(folder, UNPRIVILEGED_UID, UNPRIVILEGED_UID);
    const server = postgresProcess(join(folder, 'postgres'), isRoot ? asUser(UNPRIVILEGED_UID) : {});
    const { url } = await server.started;
    expect((await execute(url, 'select 1 as n')).rows).toEqual([{ n: 1 }]);
    server.child.kill('SIGTERM');
    await server.ended;
    expect((await stat(join(folder, 'postgres'))).uid).toBe(UNPRIVILEGED_UID);
  });

  it('gives root a user namespace or an unprivileged user, and other users no prefix', async () => {
    const subfolder = await mkdtemp(join(folder, 'own-'));
    const runner = await unprivilegedRunner(postgresBinaries().postgres, subfolder);
    const possible = [inNamespace(UNPRIVILEGED_UID), asUser(UNPRIVILEGED_UID)];
    expect(isRoot ? possible : [{ prefix: [] }]).toContainEqual(runner);
  });

  it('starts as the owner of the folder when root starts it', async () => {
    const engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });
    expect((await stat(join(folder, 'postgres', 'postmaster.pid'))).uid).toBe(UNPRIVILEGED_UID);
    await engine.close();
  });

  it.each(['/', tmpdir()])(
    'fails with one sentence when root can neither open a namespace nor change its user: %s',
    async (parent) => {
      const { PATH } = process.env;
      process.env.PATH = '/nowhere';
      try {
        const { postgres } = postgresBinaries();
        await expect(unprivilegedRunner(postgres, parent, 0)).rejects.toThrow(/neither unshare nor setpriv works here/);
        await expect(unprivilegedRunner(postgres, parent, 1_000)).resolves.toEqual({ prefix: [] });
      } finally {
        process.env.PATH = PATH;
      }
    },
  );

  it('changes nothing when the folder already has the right owner', async () => {
    const before = await stat(folder);
    for (const owner of [undefined, before.uid]) await changeOwner(folder, owner);
    expect((await stat(folder)).ctimeMs).toBe(before.ctimeMs);
  });
});
