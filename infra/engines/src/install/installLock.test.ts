import { spawnSync } from 'node:child_process';
import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/atEndOfFile.js';
import { withInstallLock } from './installLock.js';

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder('ums-lock-'), 'lock');
});

describe('withInstallLock', () => {
  it('runs one after another, and releases the lock of work that fails', async () => {
    const order: string[] = [];
    let waiting: Promise<number> | undefined;
    const failing = withInstallLock(path, async () => {
      await new Promise<void>((resolve) => {
        waiting = withInstallLock(
          path,
          async () => order.push('second'),
          () => resolve(),
        );
      });
      order.push('first');
      throw new Error('failed');
    });
    await expect(failing).rejects.toThrow('failed');
    await waiting;
    expect(order).toEqual(['first', 'second']);
    await expect(access(path)).rejects.toThrow();
  });

  it('replaces the lock of a process that has ended', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(path, String(pid));
    const waits: number[] = [];
    expect(
      await withInstallLock(
        path,
        async () => 'done',
        (by) => waits.push(by),
      ),
    ).toBe('done');
    expect(waits).toEqual([]);
  });

  it('waits for a running process of another user', async () => {
    await writeFile(path, '1');
    let done: Promise<string> | undefined;
    const holder = await new Promise<number>((resolve) => {
      done = withInstallLock(path, async () => 'done', resolve);
    });
    expect(holder).toBe(1);
    await rm(path);
    expect(await done).toBe('done');
  });

  it('names the holder only when its pid is written', async () => {
    await writeFile(path, '');
    let done: Promise<string> | undefined;
    const holder = new Promise<number>((resolve) => {
      done = withInstallLock(path, async () => 'done', resolve);
    });
    await sleep(100);
    await writeFile(path, '1');
    expect(await holder).toBe(1);
    await rm(path);
    expect(await done).toBe('done');
  });

  it('fails when the lock cannot be written', async () => {
    await expect(withInstallLock(join(path, 'missing'), async () => undefined)).rejects.toThrow('ENOENT');
  });
});
