import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PortTaken, RealEngineFailed, withLastLines } from './realEngineFailed.js';

export interface ProgramOptions {
  /** For messages, for example `Kafka 4.4.0`. */
  label: string;
  program: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Advice for the operator, added to messages when a line of the output causes it. */
  adviceFor?: (line: string) => string | undefined;
}

export interface EngineProcess {
  pid: number;
  /** Resolves when the process has ended, with `code 1` or `signal SIGKILL`. */
  ended: Promise<string>;
  onLine(listener: (line: string) => void): void;
  /** An error that says how the process failed, with its last lines. */
  failure(how: string): RealEngineFailed;
  /** Ends it in order (SIGTERM), also when it is stopped (SIGSTOP); kills it when that takes longer than a minute. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL), and resolves when it has ended. */
  kill(): Promise<void>;
}

const LAST_LINES = 15;
/** Writing a class archive takes 12 s, and longer on a busy machine. */
const STOP_TIMEOUT_MS = 60_000;
const STACK_FRAME = /^\s+(at |\.\.\. \d+ (more|common))/;

/**
 * Starts a program whose stdin stays open as long as this process lives, so that it can end itself when its parent is killed.
 * It runs in its own process group: Ctrl-C in a terminal reaches only this process, which stops the program in its turn.
 * @throws RealEngineFailed when the program cannot be run.
 */
export const startProgram = async ({
  label,
  program,
  args,
  env = process.env,
  adviceFor = () => undefined,
}: ProgramOptions): Promise<EngineProcess> => {
  const child = spawn(program, args, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  let portTaken = false;
  let advice: string | undefined;
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      portTaken ||= /address already in use/i.test(line);
      advice ??= adviceFor(line);
      if (!STACK_FRAME.test(line)) lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
      for (const listener of listeners) listener(line);
    });
  // A write to the closed stdin of an ended process.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new RealEngineFailed(`${label} cannot be started: ${program} cannot be run (${error.code}).`)),
    );
  });

  const failure = (how: string): RealEngineFailed => {
    const message = withLastLines([`${label} ${how}.`, advice].filter(Boolean).join(' '), lines);
    return portTaken ? new PortTaken(message) : new RealEngineFailed(message);
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    const timeout = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timeout);
  };
  return {
    pid: child.pid as number,
    ended,
    onLine: (listener) => void listeners.add(listener),
    failure,
    stop,
    kill,
  };
};
