import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TYPESCRIPT_LOADER } from '../../embedded/test/typescriptLoader.js';

/** `npm run engines` in a child process. */
export interface EnginesProcess {
  child: ChildProcess;
  /** Its output so far. */
  output(): { stdout: string; stderr: string };
  /** Resolves with what it prints once the engines are ready; rejects when it ends first. */
  ready: Promise<{ brokers: string; url: string; pids: number[] }>;
  /** Resolves with the exit code; null after a kill. */
  ended: Promise<number | null>;
}

/** Runs main.ts from its sources. */
export const enginesProcess = (env: Readonly<Record<string, string>>): EnginesProcess => {
  const main = join(import.meta.dirname, '..', 'src', 'main.ts');
  const child = spawn(process.execPath, ['--import', TYPESCRIPT_LOADER, main], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const ready = new Promise<{ brokers: string; url: string; pids: number[] }>((resolve, reject) => {
    child.stdout.on('data', (text) => {
      output.stdout += text;
      const { brokers, url } =
        /KAFKA_BROKERS=(?<brokers>\S+)[\s\S]*OPENSEARCH_URL=(?<url>\S+)/.exec(output.stdout)?.groups ?? {};
      const pids = [...output.stdout.matchAll(/\(pid (\d+)\)/g)].map(([, pid]) => Number(pid));
      if (brokers !== undefined && url !== undefined) resolve({ brokers, url, pids });
    });
    void ended.then((code) => reject(new Error(`the engines ended with ${code}: ${output.stderr}`)));
  });
  ready.catch(() => undefined);
  child.stderr.on('data', (text) => {
    output.stderr += text;
  });
  return { child, ended, ready, output: () => ({ ...output }) };
};
