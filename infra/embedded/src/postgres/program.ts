import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Runner } from './unprivileged.js';

/** A program of Postgres that runs: its last lines and its end. */
export interface Program {
  child: ChildProcess;
  /** The last lines it wrote, oldest first. */
  lines: readonly string[];
  /** Called with each line it writes. */
  onLine(listener: (line: string) => void): void;
  /** Resolves at its end with a text that says how it ended; never rejects. */
  ended: Promise<string>;
  /** Lets this process end before the program does; else the program is told to end with it. */
  outlive(): void;
}

const KEPT_LINES = 20;

/**
 * Starts a program of Postgres with an environment of ours: no locale, library path or PG* variable of the caller reaches it.
 * It gets a session of its own, so that ^C in a terminal reaches it through us and not past us.
 */
export function startProgram(runner: Runner, path: string, args: readonly string[]): Program {
  const [command = path, ...words] = [...runner.prefix, path, ...args];
  const child = spawn(command, words, {
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const listeners: ((line: string) => void)[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      for (const listener of listeners) listener(line);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // `close` comes after the last line was read, `exit` may come before.
    child.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  const endWithUs = () => void child.kill('SIGINT');
  const outlive = () => void process.off('exit', endWithUs);
  process.once('exit', endWithUs);
  void ended.then(outlive);
  return { child, lines, onLine: (listener) => void listeners.push(listener), ended, outlive };
}

/** The line that says why a program failed, without the log's prefix. */
export const reasonIn = (lines: readonly string[]): string | undefined => {
  const telling = lines.findLast((line) => /\b(FATAL|PANIC|error|could not)\b/.test(line)) ?? lines.at(-1);
  return telling?.replace(/^.*?\b(FATAL|PANIC|LOG|error):\s*/, '').slice(0, 300);
};
