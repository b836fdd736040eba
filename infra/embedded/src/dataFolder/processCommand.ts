import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The command line of a process, its words parted and ended by one blank; empty when there is none or it is not ours to see. */
export const processCommand = async (pid: number): Promise<string> => {
  if (process.platform !== 'linux') return psCommand(pid);
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return words.replaceAll('\0', ' ');
};

/** The way without /proc (macOS). */
export const psCommand = async (pid: number): Promise<string> => {
  const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout === '' ? '' : `${stdout.trim()} `;
};
