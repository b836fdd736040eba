import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { cpuOfTree } from '../load/cpuOfTree.js';

/** How a program is started and known to be ready. */
export interface Launch {
  command: readonly [string, ...string[]];
  /** Beside the environment of this process. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Matches what it has written once it is ready. */
  ready: RegExp;
}

export interface Program {
  /** What `ready` matched. */
  said: RegExpExecArray;
  /** Cpu-ms of it and everything it started, from its start to now. */
  cpu(): Promise<number>;
  /** Asks it to end and waits until it did. */
  stop(): Promise<void>;
}

/** @throws Error with what it wrote when it ends before it is ready. */
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
  const said = await new Promise<RegExpExecArray>((resolve, reject) => {
    let written = '';
    child.stdout.on('data', (part) => {
      written += part;
      const match = ready.exec(written);
      if (match !== null) resolve(match);
    });
    ended.then(async () => reject(new Error(`${command.join(' ')} ended: ${written}${await errors}`)), reject);
  });
  return {
    said,
    cpu: () => cpuOfTree(pid),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
};

/** Starts a program, uses it, and stops it whatever became of the use. */
export const withProgram = async <T>(launch: Launch, use: (program: Program) => Promise<T>): Promise<T> => {
  const program = await startProgram(launch);
  try {
    return await use(program);
  } finally {
    await program.stop();
  }
};
