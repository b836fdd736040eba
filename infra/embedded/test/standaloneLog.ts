import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const main = join(import.meta.dirname, '..', 'src', 'eventstore', 'main.ts');

export interface StandaloneLog {
  readonly process: ChildProcess;
  /** The URL it is ready at; rejects when it ends before. */
  readonly ready: Promise<string>;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

/** The log server as a process of its own, from its sources. */
export function standaloneLog(...args: readonly string[]): StandaloneLog {
  const server = spawn(process.execPath, ['--import', join(import.meta.dirname, 'typescript.mjs'), main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stderr = text(server.stderr);
  const ended = once(server, 'exit').then(async ([code]) => ({ code: code as number | null, stderr: await stderr }));
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: server.stdout }).once('line', (line) => resolve(line.replace(/^ready /, '')));
    void ended.then((end) => reject(new Error(`the log server ended: ${end.stderr}`)));
  });
  ready.catch(() => undefined);
  return { process: server, ready, ended };
}
