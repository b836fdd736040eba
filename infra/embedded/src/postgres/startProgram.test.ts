import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { processStart } from '../dataFolder/processStart.js';

const loader = join(import.meta.dirname, '..', '..', 'test', 'typescript.mjs');
const program = join(import.meta.dirname, 'startProgram.ts');

/** Runs a process that starts a program and exits at once. @returns the program's pid. */
const abandonedProgram = async (): Promise<number> => {
  const script = `const { startProgram } = await import(${JSON.stringify(program)});
    const program = startProgram({ prefix: [] }, 'sleep', ['60']);
    process.stdout.write(String(program.child.pid));
    process.exit();`;
  const starter = spawn(process.execPath, ['--import', loader, '--input-type=module', '--eval', script]);
  const [pid] = await Promise.all([text(starter.stdout), once(starter, 'exit')]);
  return Number(pid);
};

describe('startProgram', () => {
  it('ends the program with this process, even while it is starting', async () => {
    const pid = await abandonedProgram();
    expect(pid).toBeGreaterThan(1);
    await until(async () => (await processStart(pid)) === undefined);
  });
});
