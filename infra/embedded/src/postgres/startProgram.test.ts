import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { TYPESCRIPT_LOADER } from '../../test/typescriptLoader.js';
import { processStart } from '../dataFolder/processStart.js';
import { crashReason, failureReason } from './startProgram.js';

const program = new URL('./startProgram.ts', import.meta.url).href;

/** Runs a process that starts a program and exits at once. @returns the program's pid. */
const abandonedProgram = async (): Promise<number> => {
  const script = `const { startProgram } = await import(${JSON.stringify(program)});
    const program = startProgram({ prefix: [] }, 'sleep', ['60']);
    process.stdout.write(String(program.child.pid));
    process.exit();`;
  const starter = spawn(process.execPath, ['--import', TYPESCRIPT_LOADER, '--input-type=module', '--eval', script]);
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

describe('failureReason', () => {
  it('names a full disk, and not what Postgres says after it', () => {
    const lines = [
      'running bootstrap script ... FATAL:  could not extend file "base/1/2691": No space left on device',
      'HINT:  Check free disk space.',
      'PANIC:  cannot abort transaction 1, it was already committed',
      'Aborted',
      'child process exited with exit code 134',
    ];
    expect(failureReason(lines)).toBe('could not extend file "base/1/2691": No space left on device');
    const started = [
      'LOG:  database system was not properly shut down; automatic recovery in progress',
      'ERROR:  could not write blocks 19..19 in file "base/16391/1249": No space left on device',
      'HINT:  Check free disk space.',
      'FATAL:  checkpoint request failed',
      'HINT:  Consult recent messages in the server log for details.',
    ];
    expect(failureReason(started)).toBe(
      'could not write blocks 19..19 in file "base/16391/1249": No space left on device',
    );
    expect(failureReason(['FATAL:  data directory "x" has wrong ownership', 'HINT:  y'])).toMatch(/^data directory/);
    expect(failureReason(['started', 'unexpected end'])).toBe('unexpected end');
  });
});

describe('crashReason', () => {
  it('names a full disk, and no line that a session of a client causes', () => {
    const panic =
      '2026-11-28 21:00:00 UTC [42] PANIC:  could not write to file "pg_wal/xlogtemp.42": No space left on device';
    const session = '2026-11-28 21:00:01 UTC [43] FATAL:  the database system is in recovery mode';
    expect(crashReason([panic, session])).toBe('could not write to file "pg_wal/xlogtemp.42": No space left on device');
    expect(crashReason([session])).toBeUndefined();
  });
});
