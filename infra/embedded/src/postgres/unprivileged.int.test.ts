import { chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { heldPostgres } from '../../test/heldPostgres.js';
import { execute } from '../../test/postgres.js';
import { postgresBinaries } from './binaries.js';
import { startPostgres } from './startPostgres.js';
import { asUser, giveTo, inNamespace, unprivileged } from './unprivileged.js';

const isRoot = process.getuid?.() === 0;
const SOMEBODY = isRoot ? 65_534 : (process.getuid?.() ?? 0);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-user-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('unprivileged', () => {
  it('starts as a plain user as it is', async () => {
    await chown(folder, SOMEBODY, SOMEBODY);
    const held = heldPostgres(join(folder, 'postgres'), isRoot ? asUser(SOMEBODY) : {});
    const { url } = await held.started;
    expect((await execute(url, 'select 1 as n')).rows).toEqual([{ n: 1 }]);
    held.holder.kill('SIGTERM');
    await held.ended;
    expect((await stat(join(folder, 'postgres'))).uid).toBe(SOMEBODY);
  });

  it('gives root a user namespace or a plain user, and nobody else anything', async () => {
    const own = await mkdtemp(join(folder, 'own-'));
    const runner = await unprivileged(postgresBinaries().postgres, own);
    const possible = [inNamespace(SOMEBODY), asUser(SOMEBODY)];
    expect(isRoot ? possible : [{ prefix: [] }]).toContainEqual(runner);
  });

  it('starts as the owner of the folder when root starts it there', async () => {
    const engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });
    expect((await stat(join(folder, 'postgres', 'postmaster.pid'))).uid).toBe(SOMEBODY);
    await engine.close();
  });

  it.each(['/', tmpdir()])('says so when root may neither open a namespace nor become somebody: %s', async (parent) => {
    const { PATH } = process.env;
    process.env.PATH = '/nowhere';
    try {
      const { postgres } = postgresBinaries();
      await expect(unprivileged(postgres, parent, 0)).rejects.toThrow(/neither unshare nor setpriv may be used here/);
      await expect(unprivileged(postgres, parent, 1_000)).resolves.toEqual({ prefix: [] });
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('leaves a folder as it is that belongs to whom it should', async () => {
    const before = await stat(folder);
    for (const owner of [undefined, before.uid]) await giveTo(owner, folder);
    expect((await stat(folder)).ctimeMs).toBe(before.ctimeMs);
  });
});
