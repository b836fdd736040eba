import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A running program of this repository. */
export interface SpawnedProgram {
  pid: number;
  /** Everything it has written so far. */
  output(): { out: string; err: string };
  /** Resolves when it ends, with the exit code; null if a signal ended it. */
  ended: Promise<number | null>;
  /** Sends a signal and waits until it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/**
 * Starts a built program of this repository in a process of its own.
 * @param program its path from the root of the repository
 * @param env its environment; of this process only PATH and HOME are passed on
 * @throws Error when the program is not built
 */
export const spawnProgram = (
  program: string,
  env: Readonly<Record<string, string | undefined>>,
  args: string[] = [],
): SpawnedProgram => {
  const path = join(ROOT, program);
  if (!existsSync(path)) throw new Error(`${program} is missing; run npm run build first`);
  const child = spawn(process.execPath, [path, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, UV_THREADPOOL_SIZE: '8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = recordOutput(child);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    pid: child.pid ?? -1,
    output: () => ({ ...written }),
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
};

const recordOutput = ({ stdout, stderr }: ChildProcess): { out: string; err: string } => {
  const written = { out: '', err: '' };
  stdout?.setEncoding('utf8').on('data', (text: string) => {
    written.out += text;
  });
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    written.err += text;
  });
  return written;
};
