import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { TYPESCRIPT_LOADER } from './typescriptLoader.js';

const main = join(import.meta.dirname, '..', 'src', 'eventstore', 'main.ts');

export interface EventStoreProcess {
  readonly child: ChildProcess;
  /** Resolves with the server's URL once it is ready; rejects when the process ends first. */
  readonly ready: Promise<string>;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

/** Runs eventstore/main.ts from its sources in a child process. */
export const eventStoreProcess = (args: readonly string[], env: NodeJS.ProcessEnv = {}): EventStoreProcess => {
  const child = spawn(process.execPath, ['--import', TYPESCRIPT_LOADER, main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const stderr = text(child.stderr);
  const ended = once(child, 'exit').then(async ([code]) => ({ code: code as number | null, stderr: await stderr }));
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(line.replace(/^ready /, '')));
    void ended.then((end) => reject(new Error(`the event log server ended: ${end.stderr}`)));
  });
  ready.catch(() => undefined);
  return { child, ready, ended };
};
