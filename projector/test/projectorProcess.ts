import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TYPESCRIPT_LOADER } from '../../infra/embedded/test/typescriptLoader.js';

/** A projector in a child process. */
export interface ProjectorProcess {
  child: ChildProcess;
  /** The messages of its log so far. */
  messages: readonly string[];
  /** Resolves when the process has ended. */
  ended: Promise<unknown>;
}

/** Runs main.ts of the projector from its sources. */
export const projectorProcess = (env: Readonly<Record<string, string>>): ProjectorProcess => {
  const files = [TYPESCRIPT_LOADER, join(import.meta.dirname, '../src/main.ts')] as const;
  const child = spawn(process.execPath, ['--import', ...files], {
    env: { ...process.env, METRICS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const messages: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { msg, reason } = JSON.parse(line);
    messages.push(reason === undefined ? msg : `${msg}: ${reason}`);
  });
  return { child, messages, ended: once(child, 'close') };
};
