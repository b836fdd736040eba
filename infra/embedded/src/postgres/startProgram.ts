import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Runner } from './unprivilegedRunner.js';

/** A running program of Postgres: its last lines and its end. */
export interface Program {
  child: ChildProcess;
  /** The last lines it wrote, oldest first. */
  lines: readonly string[];
  /** Called with each line it writes. */
  onLine(listener: (line: string) => void): void;
  /** Resolves with how the program ended (`exit code 1`, `signal SIGKILL`, or a spawn error); never rejects. */
  ended: Promise<string>;
}

const KEPT_LINES = 20;

/**
 * Starts a program of Postgres with a minimal environment: no locale, library path or PG* variable is inherited. The
 * program gets its own session, so Ctrl-C in a terminal reaches only this process, which then stops the program.
 * The end of this process interrupts the program.
 */
export const startProgram = (runner: Runner, path: string, args: readonly string[]): Program => {
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
    // `close` follows the last line; `exit` may precede it.
    child.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  const interrupt = () => void child.kill('SIGINT');
  process.once('exit', interrupt);
  void ended.then(() => process.off('exit', interrupt));
  return { child, lines, onLine: (listener) => void listeners.push(listener), ended };
};

/**
 * The line that names why a program failed, without its severity prefix, at most 300 characters. What could not be done comes before
 * what follows from it, such as `checkpoint request failed`.
 */
export const failureReason = (lines: readonly string[]): string | undefined => {
  const errorLine =
    lines.findLast((line) => COULD_NOT.test(line)) ??
    lines.findLast((line) => /\b(FATAL|PANIC|error|could not)\b/.test(line)) ??
    lines.at(-1);
  return errorLine?.replace(/^.*?\b(ERROR|FATAL|PANIC|LOG|error):\s*/, '').slice(0, 300);
};

const COULD_NOT = /\b(ERROR|FATAL|PANIC): +could not /;

/**
 * Why a server that ran has ended, such as a full disk. Lines that sessions of clients cause are no reason.
 * @returns at most 300 characters; `undefined` when it was killed.
 */
export const crashReason = (lines: readonly string[]): string | undefined =>
  lines
    .findLast((line) => CRASH.test(line))
    ?.match(CRASH)?.[1]
    ?.slice(0, 300);

const CRASH = /\b(?:PANIC|FATAL): +(could not .*)/;
