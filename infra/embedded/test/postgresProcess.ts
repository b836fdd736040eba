import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TYPESCRIPT_LOADER } from './typescriptLoader.js';

/** A process that runs `startPostgres`, so that a test can kill it. */
export interface PostgresProcess {
  child: ChildProcess;
  /** Resolves with the exit code of the process; null after a kill. */
  ended: Promise<number | null>;
  /** Pid of the server and URL of its database `postgres`; rejects when the process ends first. */
  started: Promise<{ pid: number; url: string }>;
}

/**
 * Runs runPostgres.ts on a data folder.
 * @param as command prefix that changes the user, and the environment. @default this process's user and environment
 */
export const postgresProcess = (
  dataDir: string,
  as: { prefix?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): PostgresProcess => {
  const script = [TYPESCRIPT_LOADER, join(import.meta.dirname, 'runPostgres.ts')] as const;
  const [command = '', ...words] = [...(as.prefix ?? []), process.execPath, '--import', ...script, dataDir];
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'], env: as.env ?? process.env });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const started = new Promise<{ pid: number; url: string }>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    void ended.then((code) => reject(new Error(`runPostgres.ts ended with ${code}`)));
  });
  return { child, ended, started };
};
