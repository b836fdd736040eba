import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TYPESCRIPT_LOADER } from '../../test/typescriptLoader.js';
import { claimFolder } from './claimFolder.js';
import { openClaimSocket } from './claimSocket.js';
import { processStart } from './processStart.js';

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ums-claim-'));
  folder = join(parent, 'data');
});

afterEach(() => rm(parent, { recursive: true, force: true }));

const nameOf = (pid: number | undefined) => `data.lock.${pid}.00000000-0000-4000-8000-000000000001`;
const claimOf = (pid: number | undefined, text: string) => writeFile(join(parent, nameOf(pid)), text);

describe('claimFolder', () => {
  it('refuses a folder that is in use, names the process, and succeeds after its release', async () => {
    const claim = await claimFolder(folder);
    await expect(claimFolder(folder)).rejects.toThrow(
      `The folder ${folder} is in use by process ${process.pid}; stop that process first.`,
    );
    await claim.release();
    await (await claimFolder(folder)).release();
    expect(await readdir(parent)).toEqual([]);
  });

  it('grants the folder to at most one of many concurrent attempts', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => claimFolder(folder)));
    const granted = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(granted.length).toBeLessThanOrEqual(1);
    for (const { value } of granted) await value.release();
    expect(await readdir(parent)).toEqual([]);
  });

  it('takes over the claim of a dead process', async () => {
    await claimOf(spawnSync('true').pid, 'any start time');
    const claim = await claimFolder(folder);
    expect((await readdir(parent)).filter((name) => name.startsWith(`data.lock.${process.pid}.`))).toHaveLength(2);
    expect(await readdir(parent)).toHaveLength(2);
    await claim.release();
  });

  it('takes over when the pid of the dead process was reused by another program', async () => {
    const other = spawn('sleep', ['60']);
    await once(other, 'spawn');
    await claimOf(other.pid, 'another start time');
    await (await claimFolder(folder)).release();
    other.kill();
  });

  it('refuses while a running process holds the claim', async () => {
    const other = spawn('sleep', ['60']);
    await once(other, 'spawn');
    await claimOf(other.pid, `${await processStart(other.pid ?? 0)}\n`);
    await expect(claimFolder(folder)).rejects.toThrow(/is in use/);
    other.kill();
  });

  it('refuses while a process that has another pid namespace answers on its socket, and keeps its claim', async () => {
    const claim = join(parent, nameOf(spawnSync('true').pid));
    const socket = await openClaimSocket(`${claim}.sock`);
    await writeFile(claim, 'any start time');
    const kept = await readdir(parent);
    await expect(claimFolder(folder)).rejects.toThrow(/in use by process \d+ of another container; stop that first\.$/);
    expect(await readdir(parent)).toEqual(kept);
    await socket.close();
    await (await claimFolder(folder)).release();
    expect(await readdir(parent)).toEqual([]);
  });

  it('takes over the claim and the socket that a killed process has left', async () => {
    const url = pathToFileURL(join(import.meta.dirname, 'claimFolder.ts')).href;
    const script = `const { claimFolder } = await import(${JSON.stringify(url)}); await claimFolder(process.argv[1]); console.log('claimed'); setInterval(() => undefined, 1000)`;
    const killed = spawn(process.execPath, [
      '--import',
      TYPESCRIPT_LOADER,
      '--input-type=module',
      '-e',
      script,
      folder,
    ]);
    await once(killed.stdout, 'data');
    expect(await readdir(parent)).toHaveLength(2);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(await readdir(parent)).toHaveLength(2);
    await (await claimFolder(folder)).release();
    expect(await readdir(parent)).toEqual([]);
  });

  it('takes over an empty claim, which a full disk or a loss of power has left, of any pid', async () => {
    await claimOf(process.pid, '');
    await (await claimFolder(folder)).release();
    expect(await readdir(parent)).toEqual([]);
  });

  it('leaves nothing behind where it cannot be written', async () => {
    const lock = join(parent, 'x'.repeat(255 - `.${process.pid}.${randomUUID()}`.length));
    await expect(claimFolder(folder, lock)).rejects.toThrow('cannot be written (ENAMETOOLONG).');
    expect(await readdir(parent)).toEqual([]);
  });

  it('ignores a claim that is released during the check', async () => {
    await symlink('nowhere', join(parent, nameOf(process.pid)));
    await (await claimFolder(folder)).release();
    expect(await readdir(parent)).toEqual([]);
  });

  it('keeps files whose names only resemble claims', async () => {
    const others = ['data.lock.json', 'data.lock.1', 'data.lock.999999999.old'];
    for (const name of others) await writeFile(join(parent, name), 'precious');
    await (await claimFolder(folder)).release();
    expect(await readdir(parent)).toEqual(others.sort());
  });

  it('fails with one sentence when the parent folder cannot be written', async () => {
    await expect(claimFolder(join(parent, 'missing', 'data'))).rejects.toThrow(
      /missing cannot be written \(ENOENT\)\.$/,
    );
  });
});
