import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { until } from '../test/until.js';
import { logDestination } from './logDestination.js';

describe('logDestination', () => {
  it('F-32 drops lines that cannot be written, and its flush at exit returns', async () => {
    const fd = openSync('/dev/null', 'r');
    const atExit = logDestination(fd);
    atExit.write('not written\n');
    atExit.flushSync();
    const running = logDestination(fd);
    running.write('not written\n');
    await new Promise((resolve) => running.once('error', resolve));
    expect(running.write('dropped\n')).toBe(true);
    running.flushSync();
    closeSync(fd);
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
