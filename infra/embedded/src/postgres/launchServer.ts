import { setTimeout as sleep } from 'node:timers/promises';
import { EngineFailed } from '../engineFailed.js';
import { freePort } from '../freePort.js';
import { crashReason, failureReason, type Program, startProgram } from './startProgram.js';
import type { Runner } from './unprivilegedRunner.js';

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 8_000;
const ATTEMPTS = 40;
const RETRY_MS = 250;

export interface LaunchOptions {
  /** Path of the `postgres` executable. */
  postgres: string;
  runner: Runner;
  dataDir: string;
  /** 0: the system chooses. */
  port: number;
  /** Settings of postgresql.conf. */
  settings: Readonly<Record<string, string>>;
}

export interface Server {
  port: number;
  pid: number;
  /** Calls the listener with how the server ended (`exit code 1`, `signal SIGKILL`) and why, unless `stop` was called. */
  onUnexpectedEnd(listener: (end: string) => void): void;
  stop(): Promise<void>;
}

/**
 * Starts the server and waits until it accepts connections. Transient failures are retried: a port that another program
 * took in the meantime, shared memory of a predecessor that is still ending.
 * @throws EngineFailed with the server's own error line.
 */
export const launchServer = async (options: LaunchOptions): Promise<Server> => {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(options.port);
    const settings = Object.entries({ ...options.settings, port: String(port) }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const program = startProgram(options.runner, options.postgres, ['-D', options.dataDir, ...settings]);
    const end = await waitUntilAccepting(program);
    if (end === undefined) return runningServer(program, port);
    const transient = program.lines.some((line) => /is still in use|Address already in use/.test(line));
    if (!transient || attempt === ATTEMPTS) {
      throw new EngineFailed(`Postgres did not start on ${options.dataDir}: ${failureReason(program.lines) ?? end}.`);
    }
    await sleep(RETRY_MS);
  }
};

/** @returns undefined once the program accepts connections, otherwise how it ended. */
const waitUntilAccepting = async (program: Program): Promise<string | undefined> => {
  const accepts = new Promise<undefined>((resolve) =>
    program.onLine((line) => {
      if (line.includes('ready to accept connections')) resolve(undefined);
    }),
  );
  const timer = new AbortController();
  const timeout = sleep(START_TIMEOUT_MS, 'no answer in time', { signal: timer.signal }).catch(() => 'ended');
  const end = await Promise.race([accepts, program.ended, timeout]);
  timer.abort();
  if (end !== undefined) {
    program.child.kill('SIGQUIT');
    await program.ended;
  }
  return end;
};

const runningServer = (program: Program, port: number): Server => {
  const { child } = program;
  let stopping = false;
  return {
    port,
    pid: child.pid ?? 0,
    onUnexpectedEnd: (listener) =>
      void program.ended.then((end) => {
        const reason = crashReason(program.lines);
        if (!stopping) listener(reason === undefined ? end : `${end}: ${reason}`);
      }),
    stop: async () => {
      stopping = true;
      child.kill('SIGINT');
      const force = setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS);
      await program.ended;
      clearTimeout(force);
    },
  };
};
