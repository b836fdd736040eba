import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { restoreDrill } from './restoreDrill.js';

let folder: string;
let backup: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-drill-'));
  backup = join(folder, 'backup');
  await mkdir(backup);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const drill = (...args: string[]) => restoreDrill(args, () => undefined);

describe('npm run restore-drill', () => {
  it.each([[[]], [['--help']], [['one', '--two']], [['one', 'two', 'three']], [['']]])(
    'shows its usage for %j',
    async (args) => {
      await expect(drill(...args)).rejects.toThrow('Usage: npm run -s restore-drill -- <backup>');
    },
  );

  it('refuses a folder that is no backup, or an unfinished one', async () => {
    await expect(drill(backup)).rejects.toThrow(`${backup} is not a complete backup.`);
    await writeFile(join(backup, 'version'), '1\n');
    await expect(drill(backup, join(folder, 'newer'))).rejects.toThrow('newer cannot be read (ENOENT).');
  });

  it('refuses the data folder of a service that runs or was killed, before it copies anything', async () => {
    await writeFile(join(backup, 'version'), '1\n');
    await writeFile(join(backup, 'lock.4711.0199c0de-0000-4000-8000-000000000001'), '');
    await expect(drill(backup)).rejects.toThrow(`${backup} is the data folder of a service, not a backup`);
    expect(await readdir(folder)).toEqual(['backup']);
  });

  it('refuses a backup that was ended in the middle, which may have a version already', async () => {
    const unfinished = `${backup}.unfinished`;
    await mkdir(unfinished);
    await writeFile(join(unfinished, 'version'), '1\n');
    await writeFile(join(backup, 'version'), '1\n');
    for (const args of [[unfinished], [backup, unfinished]])
      await expect(drill(...args)).rejects.toThrow(`${unfinished} is a backup that was ended in the middle`);
  });

  it('does not disturb another drill on the same backup', async () => {
    await writeFile(join(backup, 'version'), '1\n');
    await mkdir(`${backup}.drill`);
    await expect(drill(backup)).rejects.toThrow(`${backup}.drill exists already`);
  });

  it('says why it failed, and deletes its copy', async () => {
    await writeFile(join(backup, 'version'), '2\n');
    await expect(drill(backup)).rejects.toThrow('was written by a newer version of this service');
    expect(await readdir(folder)).toEqual(['backup']);
  });
});
