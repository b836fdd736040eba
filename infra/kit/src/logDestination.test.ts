import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '../test/until.js';
import { logDestination, setReaderGoneListener } from './logDestination.js';

afterEach(() => {
  setReaderGoneListener(() => undefined);
  jest.restoreAllMocks();
});

/** The ends of a new pipe, which do not wait. */
const openPipe = (folder: string) => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { path, reader, fd: openSync(path, constants.O_WRONLY | constants.O_NONBLOCK) };
};
/** A pipe that nobody reads any more. */
const brokenPipe = (folder: string): number => {
  const { reader, fd } = openPipe(folder);
  closeSync(reader);
  return fd;
};
const fill = (fd: number): void => {
  for (let isFull = false; !isFull; ) {
    try {
      writeSync(fd, Buffer.alloc(1_024));
    } catch {
      isFull = true;
    }
  }
};

describe('logDestination', () => {
  it('F-36 tells once that nobody reads its pipe any more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ums-log-'));
    const fd = brokenPipe(folder);
    const told: unknown[] = [];
    setReaderGoneListener((error) => told.push(error));
    const destination = logDestination(fd);
    destination.write('not written\n');
    await until(() => told.length > 0);
    destination.write('dropped\n');
    destination.flushSync();
    expect(told).toEqual([expect.objectContaining({ code: 'EPIPE' })]);
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  it('F-32 returns from its flush at exit when nobody reads its pipe', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ums-log-'));
    const fd = brokenPipe(folder);
    const destination = logDestination(fd);
    destination.write('not written\n');
    destination.flushSync();
    destination.write('dropped\n');
    destination.flushSync();
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  it('F-32 drops lines that cannot be written, and its flush at exit returns', async () => {
    const fd = openSync('/dev/null', 'r');
    const atExit = logDestination(fd);
    atExit.write('not written\n');
    atExit.flushSync();
    atExit.write('dropped\n');
    atExit.flushSync();
    closeSync(fd);
  });

  it.each([
    ['drops lines for some time after a full disk', 60_000, ''],
    ['writes again then, on a new line', 0, '\nwritten\n'],
  ])('F-32 %s', async (_, resumeMs, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'ums-log-'));
    const fd = openSync(join(folder, 'log'), 'w');
    const destination = logDestination(fd, resumeMs);
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const write = jest
      .spyOn(fs, 'write')
      .mockImplementationOnce(((...given: unknown[]) => (given.at(-1) as (error: Error) => void)(full)) as never);
    destination.write('not written\n');
    await until(() => write.mock.calls.length > 0);
    destination.write('written\n');
    destination.flushSync();
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(expected);
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  it('F-32 waits in its flush at exit for a reader that is slow, for a second', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ums-log-'));
    const { path, reader, fd } = openPipe(folder);
    fill(fd);
    const unread = logDestination(fd);
    unread.write('never written\n');
    unread.flushSync();
    const command = 'exec 3< "$0"; echo open >&2; sleep 0.2; exec cat <&3';
    const slow = spawn('sh', ['-c', command, path], { stdio: ['ignore', 'pipe', 'pipe'] });
    const read = text(slow.stdout);
    await once(slow.stderr, 'data');
    const destination = logDestination(fd);
    destination.write('written\n');
    // Almost a second has passed, and no more does: a busy machine may start the reader late.
    jest.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(999);
    destination.flushSync();
    for (const end of [fd, reader]) closeSync(end);
    expect((await read).replaceAll('\0', '')).toBe('written\n');
    rmSync(folder, { recursive: true });
  });

  it('writes the waiting lines before its flush returns', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ums-log-'));
    const fd = openSync(join(folder, 'log'), 'w');
    const destination = logDestination(fd);
    destination.write('first\n');
    destination.write('second\n');
    destination.flushSync();
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('first\nsecond\n');
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  it('writes collected lines in order without a flush', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ums-log-'));
    const fd = openSync(join(folder, 'log'), 'w');
    const destination = logDestination(fd);
    const lines = Array.from({ length: 3_000 }, (_, at) => `line ${at}\n`);
    const written = () => readFileSync(join(folder, 'log'), 'utf8');
    for (const line of lines) destination.write(line);
    await until(() => written() === lines.join(''));
    destination.write('later\n');
    await until(() => written().endsWith('later\n'));
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
});
