import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The whole service as a process of its own. */
export interface ServiceProcess {
  child: ChildProcess;
  /** What it wrote so far. */
  output(): { stdout: string; stderr: string };
  /** Resolves with the API's base URL once it says that it is ready; rejects when it ends before. */
  ready: Promise<string>;
  /** Resolves at its end with its exit code; null after a kill. */
  ended: Promise<number | null>;
}

/** Runs main.ts from its sources, on ports that the system chooses unless the environment names them. */
export function serviceProcess(env: Readonly<Record<string, string>>): ServiceProcess {
  const files = [
    join(import.meta.dirname, 'typescript.mjs'),
    join(import.meta.dirname, '..', 'src', 'main.ts'),
  ] as const;
  const ports = { PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', PASSWORD_HASH: 'bcrypt:4' };
  const child = spawn(process.execPath, ['--import', ...files], {
    env: { ...process.env, ...ports, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text) => {
      written.stdout += text;
      const api = /API docs {2}(\S+)\/apidocs\//.exec(written.stdout)?.[1];
      if (api !== undefined) resolve(api);
    });
    void ended.then((code) => reject(new Error(`the service ended with ${code}: ${written.stderr}`)));
  });
  ready.catch(() => undefined);
  child.stderr.on('data', (text) => {
    written.stderr += text;
  });
  return { child, ended, ready, output: () => ({ ...written }) };
}
