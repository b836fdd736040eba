import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A process of its own that holds a server. */
export interface HeldPostgres {
  holder: ChildProcess;
  /** Resolves at the holder's end with its exit code; null after a kill. */
  ended: Promise<number | null>;
  /** The server's pid and its URL of the database `postgres`; rejects when the holder ends before. */
  started: Promise<{ pid: number; url: string }>;
}

/**
 * Runs holdPostgres.ts on a data folder.
 * @param as words that make it run as somebody else, and its environment (this process's unless given).
 */
export function heldPostgres(
  dataDir: string,
  as: { prefix?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): HeldPostgres {
  const script = [join(import.meta.dirname, 'typescript.mjs'), join(import.meta.dirname, 'holdPostgres.ts')] as const;
  const [command = '', ...words] = [...(as.prefix ?? []), process.execPath, '--import', ...script, dataDir];
  const holder = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'], env: as.env ?? process.env });
  const ended = once(holder, 'exit').then(([code]) => code as number | null);
  const started = new Promise<{ pid: number; url: string }>((resolve, reject) => {
    createInterface({ input: holder.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    void ended.then((code) => reject(new Error(`the holder ended with ${code}`)));
  });
  return { holder, ended, started };
}
