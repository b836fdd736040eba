import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A process of ours, as an operator would start it. */
export interface Spawned {
  pid: number;
  /** What it wrote so far. */
  output(): { out: string; err: string };
  /** Resolves at its end with the exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  /** Sends a signal and waits for the end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/**
 * Runs a built program of this repository.
 * @param program its path from the root; @param env its whole environment but for PATH.
 * @throws Error when it is not built.
 */
export const spawned = (
  program: string,
  env: Readonly<Record<string, string | undefined>>,
  args: string[] = [],
): Spawned => {
  const path = join(ROOT, program);
  if (!existsSync(path)) throw new Error(`${program} is missing; run npm run build first`);
  const child = spawn(process.execPath, [path, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, UV_THREADPOOL_SIZE: '8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = recording(child);
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

const recording = ({ stdout, stderr }: ChildProcess): { out: string; err: string } => {
  const written = { out: '', err: '' };
  stdout?.setEncoding('utf8').on('data', (text: string) => {
    written.out += text;
  });
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    written.err += text;
  });
  return written;
};
