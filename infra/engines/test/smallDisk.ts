import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from '@jest/globals';
import { announceOnce } from './announceOnce.js';
import { atEndOfFile } from './atEndOfFile.js';

export interface SmallDisk {
  path: string;
  /** Uses up all free space. */
  fill(): Promise<void>;
  /** Frees what `fill` has used. */
  free(): Promise<void>;
}

const CHUNK = Buffer.alloc(1 << 16);

/**
 * A test that gets a file system in memory of so many MB. Where none can be mounted, it is skipped and says so; with
 * `REQUIRE_ENGINES=1` it fails instead, as the tests of real engines do.
 */
export const itOnSmallDisk = (
  title: string,
  megabytes: number,
  test: (disk: SmallDisk) => Promise<void>,
  timeoutMs?: number,
): void => {
  const disk = mountSmallDisk(megabytes);
  if (disk !== undefined) {
    it(title, () => test(disk), timeoutMs);
  } else if (process.env.REQUIRE_ENGINES === '1') {
    it(title, () => {
      throw new Error('no file system can be mounted');
    });
  } else {
    announceOnce('Tests of a full disk are skipped: no file system can be mounted.');
    it.skip(title, () => undefined);
  }
};

/** Unmounted after the tests of the file; `undefined` where it cannot be mounted. */
const mountSmallDisk = (megabytes: number): SmallDisk | undefined => {
  const path = mkdtempSync(join(tmpdir(), 'ums-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmdirSync(path);
    return undefined;
  }
  atEndOfFile(async () => {
    execFileSync('umount', [path]);
    rmdirSync(path);
  });
  const filler = join(path, 'filler');
  return {
    path,
    fill: async () => {
      const file = await open(filler, 'a');
      try {
        for (;;) await file.write(CHUNK);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler),
  };
};
