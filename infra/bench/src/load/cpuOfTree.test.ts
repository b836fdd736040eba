import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cpuOfTree } from './cpuOfTree.js';

const READINGS = 60;
/** Starts one process after another, each of which counts for some milliseconds and ends. */
const COUNTING = 'while :; do (i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done); done';

let shell: ReturnType<typeof spawn>;
afterEach(async () => {
  const ended = once(shell, 'close');
  shell.kill('SIGKILL');
  await ended;
});

describe('cpuOfTree', () => {
  it('never falls, although processes end and leave their time to their parent while it reads', async () => {
    shell = spawn('sh', ['-c', COUNTING], { stdio: 'ignore' });
    const readings: number[] = [];
    while (readings.length < READINGS) readings.push(await cpuOfTree(shell.pid ?? 0));
    expect(readings).toEqual([...readings].sort((one, other) => one - other));
    expect(readings.at(-1)).toBeGreaterThan(0);
  });
});
