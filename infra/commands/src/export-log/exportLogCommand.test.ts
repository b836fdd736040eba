import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportLogCommand } from './exportLogCommand.js';

describe('npm run export-log', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-commands-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([[[]], [['--help']], [['a', 'b']]])('fails with its usage for the arguments %j', async (args) => {
    await expect(exportLogCommand(args, {})).rejects.toThrow('Usage: npm run -s export-log -- <new file>');
  });

  it('fails with one sentence when no service runs, and when nothing answers', async () => {
    const path = join(folder, 'log.ndjson');
    await expect(exportLogCommand([path], { DATA_DIR: folder })).rejects.toMatchObject({ printable: true });
    const env = { EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false', DATABASE_URL: 'postgresql://127.0.0.1:1/users' };
    await expect(exportLogCommand([path], env)).rejects.toThrow('The export failed (ECONNREFUSED).');
  });

  it('does not write over a file', async () => {
    const env = { EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false', DATABASE_URL: 'postgresql://127.0.0.1:1/users' };
    const path = join(folder, 'log.ndjson');
    await writeFile(path, 'kept');
    await expect(exportLogCommand([path], env)).rejects.toThrow(`${path} exists: the export needs a new file.`);
    expect(await readFile(path, 'utf8')).toBe('kept');
  });
});
