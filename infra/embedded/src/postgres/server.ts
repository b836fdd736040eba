import { setTimeout as sleep } from 'node:timers/promises';
import { EngineFailed } from '../engineFailed.js';
import { freePort } from '../freePort.js';
import { type Program, reasonIn, startProgram } from './program.js';
import type { Runner } from './unprivileged.js';

const START_MS = 120_000;
const STOP_MS = 8_000;
const ATTEMPTS = 40;
const PAUSE_MS = 250;

export interface Launch {
  postgres: string;
  runner: Runner;
  dataDir: string;
  /** 0: one that the system chooses. */
  port: number;
  settings: Readonly<Record<string, string>>;
}

export interface Server {
  port: number;
  pid: number;
  /** Lets this process end before the server does. */
  outlive(): void;
  onUnexpectedEnd(listener: (end: string) => void): void;
  stop(): Promise<void>;
}

/** Starts the server and waits until it accepts connections; what passes by itself (a port lost to another, a dying predecessor's memory) is tried again. */
export async function launch(launch: Launch): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(launch.port);
    const settings = Object.entries({ ...launch.settings, port: String(port) }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const program = startProgram(launch.runner, launch.postgres, ['-D', launch.dataDir, ...settings]);
    const end = await accepting(program);
    if (end === undefined) return running(program, port);
    const passing = program.lines.some((line) => /is still in use|Address already in use/.test(line));
    if (!passing || attempt === ATTEMPTS) {
      throw new EngineFailed(`Postgres did not start on ${launch.dataDir}: ${reasonIn(program.lines) ?? end}.`);
    }
    await sleep(PAUSE_MS);
  }
}

/** @returns undefined once the program accepts connections, or how it ended before. */
const accepting = async (program: Program): Promise<string | undefined> => {
  const accepts = new Promise<undefined>((resolve) =>
    program.onLine((line) => {
      if (line.includes('ready to accept connections')) resolve(undefined);
    }),
  );
  const patience = new AbortController();
  const late = sleep(START_MS, 'no answer in time', { signal: patience.signal }).catch(() => 'ended');
  const end = await Promise.race([accepts, program.ended, late]);
  patience.abort();
  if (end !== undefined) {
    program.child.kill('SIGQUIT');
    await program.ended;
  }
  return end;
};

const running = (program: Program, port: number): Server => {
  const { child } = program;
  let stopping = false;
  return {
    port,
    pid: child.pid ?? 0,
    outlive: () => {
      program.outlive();
      child.unref();
      for (const pipe of [child.stdout, child.stderr])
        if (pipe && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
    },
    onUnexpectedEnd: (listener) =>
      void program.ended.then((end) => {
        if (!stopping) listener(end);
      }),
    stop: async () => {
      stopping = true;
      child.ref();
      child.kill('SIGINT');
      const force = setTimeout(() => child.kill('SIGQUIT'), STOP_MS);
      await program.ended;
      clearTimeout(force);
    },
  };
};
