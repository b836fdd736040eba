import { lstat, mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { binariesIn, platformPackage, postgresBinaries } from './postgresBinaries.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-binaries-'));
  await mkdir(join(folder, 'native', 'lib'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"version":"18.4.0-beta.17"}');
  await writeFile(join(folder, 'native', 'lib', 'libpq.so.5.18'), 'library');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const listLinks = (links: object[]) => writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));

describe('postgresBinaries', () => {
  it('creates library links that are missing because the install script did not run', async () => {
    await listLinks([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]);
    expect(binariesIn(folder).major).toBe('18');
    expect(await readlink(join(folder, 'native', 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
    expect(binariesIn(folder)).toEqual(binariesIn(folder));
  });

  it('keeps a link that another process created in the meantime', async () => {
    await listLinks([{ source: 'native/lib/gone', target: 'native/lib/dangling' }]);
    binariesIn(folder);
    binariesIn(folder);
    expect((await lstat(join(folder, 'native', 'lib', 'dangling'))).isSymbolicLink()).toBe(true);
  });

  it('names the remedy when the links cannot be created', async () => {
    await listLinks([{ source: 'native/lib/libpq.so.5.18', target: 'native/nowhere/libpq.so.5' }]);
    expect(() => binariesIn(folder)).toThrow(
      /are missing and cannot be created \(ENOENT\); run npm rebuild there as its owner\.$/,
    );
  });

  it('works without a list of links', () => {
    expect(binariesIn(folder).postgres).toBe(join(folder, 'native', 'bin', 'postgres'));
  });

  it('finds the installed programs, and fails with one sentence on a platform without them', () => {
    expect(postgresBinaries().major).toMatch(/^\d+$/);
    expect(() => platformPackage('plan9-vax')).toThrow(/^No embedded Postgres is installed for plan9-vax;/);
  });
});
