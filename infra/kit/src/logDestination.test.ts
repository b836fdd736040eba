import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
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
    expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('second\n');
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
});
