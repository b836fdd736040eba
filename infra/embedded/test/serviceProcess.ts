import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TYPESCRIPT_LOADER } from './typescriptLoader.js';

/** The whole service in a child process. */
export interface ServiceProcess {
  child: ChildProcess;
  /** Its output so far. */
  output(): { stdout: string; stderr: string };
  /** Resolves with the API's base URL once the service prints it; rejects when the process ends first. */
  ready: Promise<string>;
  /** Resolves with the exit code of the process; null after a kill. */
  ended: Promise<number | null>;
}

/** Runs main.ts from its sources. The system chooses the ports that `env` does not set. */
export const serviceProcess = (env: Readonly<Record<string, string>>, args: readonly string[] = []): ServiceProcess => {
  const files = [TYPESCRIPT_LOADER, join(import.meta.dirname, '..', 'src', 'main.ts')] as const;
  const ports = { PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', PASSWORD_HASH: 'bcrypt:4' };
  const child = spawn(process.execPath, ['--import', ...files, ...args], {
    env: { ...process.env, ...ports, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text) => {
      output.stdout += text;
      const api = /API docs {2}(\S+)\/apidocs\//.exec(output.stdout)?.[1];
      if (api !== undefined) resolve(api);
    });
    void ended.then((code) => reject(new Error(`the service ended with ${code}: ${output.stderr}`)));
  });
  ready.catch(() => undefined);
  child.stderr.on('data', (text) => {
    output.stderr += text;
  });
  return { child, ended, ready, output: () => ({ ...output }) };
};
