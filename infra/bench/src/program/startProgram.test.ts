import { describe, expect, it } from '@jest/globals';
import { startCost } from './startCost.js';
import { startProgram, withProgram } from './startProgram.js';

const node = (script: string): readonly [string, ...string[]] => [process.execPath, '-e', script];
const ready = /^up at (\S+)/;
const serving = 'console.log("up at", process.env.WHERE); setInterval(() => undefined, 1000)';

describe('a program under measurement', () => {
  it('is ready once it says so, has used some cpu, and is gone once it was stopped', async () => {
    const launch = { command: node(serving), env: { WHERE: 'home' }, cwd: '/', ready };
    let cpu = async () => 0;
    await withProgram(launch, async (program) => {
      cpu = program.cpu;
      expect(program.said[1]).toBe('home');
      expect(await cpu()).toBeGreaterThan(0);
    });
    expect(await cpu()).toBe(0);
  });

  it('tells what a program wrote that ended before it was ready', async () => {
    const command = node('console.log("one"); console.error("two"); process.exit(1)');
    await expect(startProgram({ command, ready })).rejects.toThrow(/ended: one\n.*two\n/s);
  });

  it('is stopped when its use fails', async () => {
    let cpu = async () => 0;
    const using = withProgram({ command: node(serving), ready }, async (program) => {
      cpu = program.cpu;
      throw new Error('the use failed');
    });
    await expect(using).rejects.toThrow('the use failed');
    expect(await cpu()).toBe(0);
  });

  it('costs what it used until it was ready, as the median of its starts', async () => {
    const { measured, unit, how } = await startCost({ command: node(serving), ready }, 1);
    expect([Number.isFinite(measured), measured > 0, unit]).toEqual([true, true, 'cpu-s']);
    expect(how).toContain('median of 1 starts');
  });
});
