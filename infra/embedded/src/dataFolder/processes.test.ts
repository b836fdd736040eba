import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { processCommand, psCommand } from './processCommand.js';
import { processStart, psStart } from './processStart.js';

describe.each([
  ['by /proc or ps', processStart, processCommand],
  ['by ps', psStart, psCommand],
])('what is known of a process %s', (_, startOf, commandOf) => {
  it('is when it began and what it runs, and nothing once it ended', async () => {
    const child = spawn('sleep', ['61']);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const start = await startOf(pid);
    expect(start).toBeTruthy();
    expect(await startOf(pid)).toBe(start);
    expect(await commandOf(pid)).toMatch(/^\S*sleep 61 $/);
    child.kill();
    await once(child, 'exit');
    expect(await startOf(pid)).toBeUndefined();
    expect(await commandOf(pid)).toBe('');
  });
});
