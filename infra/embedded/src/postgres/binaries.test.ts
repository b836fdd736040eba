import { lstat, mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { binariesIn, platformPackage, postgresBinaries } from './binaries.js';

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
  it('makes the library links that a blocked install script left out, beside the library', async () => {
    await listLinks([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]);
    expect(binariesIn(folder).major).toBe('18');
    expect(await readlink(join(folder, 'native', 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
    expect(binariesIn(folder)).toEqual(binariesIn(folder));
  });

  it('leaves a link alone that another process made meanwhile', async () => {
    await listLinks([{ source: 'native/lib/gone', target: 'native/lib/dangling' }]);
    binariesIn(folder);
    binariesIn(folder);
    expect((await lstat(join(folder, 'native', 'lib', 'dangling'))).isSymbolicLink()).toBe(true);
  });

  it('says what to do when the links cannot be made', async () => {
    await listLinks([{ source: 'native/lib/libpq.so.5.18', target: 'native/nowhere/libpq.so.5' }]);
    expect(() => binariesIn(folder)).toThrow(
      /are missing and cannot be made \(ENOENT\); run npm rebuild there as its owner\.$/,
    );
  });

  it('needs no list of links', () => {
    expect(binariesIn(folder).postgres).toBe(join(folder, 'native', 'bin', 'postgres'));
  });

  it('finds the installed programs, and says so when a platform has none', () => {
    expect(postgresBinaries().major).toMatch(/^\d+$/);
    expect(() => platformPackage('plan9-vax')).toThrow(/^No embedded Postgres is installed for plan9-vax;/);
  });
});
