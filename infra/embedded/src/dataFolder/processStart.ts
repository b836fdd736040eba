import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from '../engineFailed.js';

const run = promisify(execFile);

/**
 * When a process began, as a text that no other process ever shares with its pid; undefined when there is none.
 * Pids are reused (in containers at every restart), so a pid alone never says that a process is the one meant.
 */
export const processStart = (pid: number): Promise<string | undefined> =>
  process.platform === 'linux' ? linuxStart(pid) : psStart(pid);

const linuxStart = async (pid: number): Promise<string | undefined> => {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The command may hold blanks and brackets: fields are counted from the last bracket. proc(5): state is 3, starttime 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
    return `${boot.trim()}/${fields[19]}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
};

/** The way without /proc (macOS); resolution one second. */
export const psStart = async (pid: number): Promise<string | undefined> => {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    const [state, ...start] = stdout.trim().split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : start.join(' ');
  } catch (error) {
    // ps answers an unknown pid with exit code 1 and no output.
    if (typeof error === 'object' && error !== null && 'stdout' in error && error.stdout === '') return undefined;
    throw error;
  }
};
