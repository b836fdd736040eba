import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { processCommand, processStart, psCommand, psStart } from './processStart.js';

describe.each([
  ['from /proc, or ps where there is none', processStart, processCommand],
  ['from ps', psStart, psCommand],
])('the start time and the command line of a process, %s', (_, startOf, commandOf) => {
  it('are stable while it runs and absent after its end', async () => {
    const child = spawn('sleep', ['61']);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const start = await startOf(pid);
    expect(start).toBeTruthy();
    expect(await startOf(pid)).toBe(start);
    // While the kernel replaces the program, the process has no command line.
    await until(async () => (await commandOf(pid)) !== '');
    expect(await commandOf(pid)).toMatch(/^\S*sleep 61 $/);
    child.kill();
    await once(child, 'exit');
    expect(await startOf(pid)).toBeUndefined();
    expect(await commandOf(pid)).toBe('');
  });
});
