import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from '@ums/kit/postgres/errors';

const run = promisify(execFile);

/**
 * The start time of a process, as opaque text. The pid and this text together identify one process: pids are reused, in
 * containers at every restart.
 * @returns undefined when no such process runs; a zombie does not count as running.
 */
export const processStart = (pid: number): Promise<string | undefined> =>
  process.platform === 'linux' ? linuxStart(pid) : psStart(pid);

const linuxStart = async (pid: number): Promise<string | undefined> => {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    // proc(5): state is field 3, starttime field 22. The command (field 2) may contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
    return `${boot.trim()}/${fields[19]}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
};

/** `processStart` where there is no /proc (macOS); the resolution is one second. */
export const psStart = async (pid: number): Promise<string | undefined> => {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    const [state, ...start] = stdout.trim().split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : start.join(' ');
  } catch (error) {
    // For an unknown pid, ps exits with code 1 and prints nothing.
    if (typeof error === 'object' && error !== null && 'stdout' in error && error.stdout === '') return undefined;
    throw error;
  }
};

/**
 * The command line of a process, each argument followed by one space.
 * @returns an empty string when no such process runs or its command line is not readable.
 */
export const processCommand = async (pid: number): Promise<string> => {
  if (process.platform !== 'linux') return psCommand(pid);
  const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return args.replaceAll('\0', ' ');
};

/** `processCommand` where there is no /proc (macOS). */
export const psCommand = async (pid: number): Promise<string> => {
  const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout === '' ? '' : `${stdout.trim()} `;
};
