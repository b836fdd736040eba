import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { largestMemoryOfTree } from '../load/memoryOfTree.js';

/** How to start a program and detect that it is ready. */
export interface Launch {
  command: readonly [string, ...string[]];
  /** In addition to the environment of this process. */
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  /** Matches its standard output once it is ready; one that matches no output at all does not wait for any. */
  ready: RegExp;
}

export interface Program {
  /** The match of `ready`. */
  readyMatch: RegExpExecArray;
  /** CPU time so far of the program and all its child processes, in ms. */
  cpu(): Promise<number>;
  /** Resident memory of the largest of these processes, in MB. */
  memory(): Promise<number>;
  /** Sends SIGTERM and waits until it has ended. */
  stop(): Promise<void>;
}

/** @throws Error with its output when it ends before it is ready */
export const startProgram = async ({ command, env = {}, cwd, ready }: Launch): Promise<Program> => {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  const ended = once(child, 'close');
  const errors = text(child.stderr);
  const readyMatch = await new Promise<RegExpExecArray>((resolve, reject) => {
    let written = '';
    const look = (): void => {
      const match = ready.exec(written);
      if (match !== null) resolve(match);
    };
    child.stdout.on('data', (part) => {
      written += part;
      look();
    });
    look();
    ended.then(async () => reject(new Error(`${command.join(' ')} ended: ${written}${await errors}`)), reject);
  });
  return {
    readyMatch,
    cpu: () => cpuOfTree(pid),
    memory: () => largestMemoryOfTree(pid),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
};

/** Starts a program, passes it to `use`, and stops it in any case. */
export const withProgram = async <T>(launch: Launch, use: (program: Program) => Promise<T>): Promise<T> => {
  const program = await startProgram(launch);
  try {
    return await use(program);
  } finally {
    await program.stop();
  }
};
