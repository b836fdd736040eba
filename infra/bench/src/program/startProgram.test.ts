import { describe, expect, it } from '@jest/globals';
import { startCost } from './startCost.js';
import { startProgram, withProgram } from './startProgram.js';

const node = (script: string): readonly [string, ...string[]] => [process.execPath, '-e', script];
const ready = /^up at (\S+)/;
const serving = 'console.log("up at", process.env.WHERE); setInterval(() => undefined, 1000)';

describe('startProgram', () => {
  it('waits until the program is ready, measures its CPU time, and stops it', async () => {
    const launch = { command: node(serving), env: { WHERE: 'home' }, cwd: '/', ready };
    let cpu = async () => 0;
    await withProgram(launch, async (program) => {
      cpu = program.cpu;
      expect(program.readyMatch[1]).toBe('home');
      expect(await cpu()).toBeGreaterThan(0);
    });
    expect(await cpu()).toBe(0);
  });

  it('throws with the output of a program that ends before it is ready', async () => {
    const command = node('console.log("one"); console.error("two"); process.exit(1)');
    await expect(startProgram({ command, ready })).rejects.toThrow(/ended: one\n.*two\n/s);
  });

  it('stops the program if its use fails', async () => {
    let cpu = async () => 0;
    const using = withProgram({ command: node(serving), ready }, async (program) => {
      cpu = program.cpu;
      throw new Error('the use failed');
    });
    await expect(using).rejects.toThrow('the use failed');
    expect(await cpu()).toBe(0);
  });
});

describe('startCost', () => {
  it('is the median CPU time until ready', async () => {
    const options = { starts: 1, label: 'Node 20', allowance: 0.25 };
    const { name, measured, unit, target, details } = await startCost({ command: node(serving), ready }, options);
    expect([Number.isFinite(measured), measured > 0, unit]).toEqual([true, true, 'cpu-s']);
    expect([name, target]).toEqual(['start on an existing folder, Node 20', { atMost: 1.875 }]);
    expect(details).toContain('median of 1 starts');
  });
});
