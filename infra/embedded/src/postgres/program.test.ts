import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { processStart } from '../dataFolder/processStart.js';

const loader = join(import.meta.dirname, '..', '..', 'test', 'typescript.mjs');
const program = join(import.meta.dirname, 'program.ts');

/** Runs a process that starts a program, prints its pid and does what is told; gives the pid. */
const pidAfter = async (then: string): Promise<number> => {
  const script = `const { startProgram } = await import(${JSON.stringify(program)});
    const program = startProgram({ prefix: [] }, 'sleep', ['60']);
    process.stdout.write(String(program.child.pid));
    ${then}
    process.exit();`;
  const starter = spawn(process.execPath, ['--import', loader, '--input-type=module', '--eval', script]);
  const [pid] = await Promise.all([text(starter.stdout), once(starter, 'exit')]);
  return Number(pid);
};

describe('startProgram', () => {
  it('ends a program with this process, also while it only starts', async () => {
    const pid = await pidAfter('');
    expect(pid).toBeGreaterThan(1);
    await until(async () => (await processStart(pid)) === undefined);
  });

  it('leaves one running that is to outlive this process', async () => {
    const pid = await pidAfter('program.outlive();');
    expect(await processStart(pid)).toBeDefined();
    process.kill(pid);
  });
});
