import { spawn } from 'node:child_process';

export interface Script {
  run: string;
  folder: string;
  env: NodeJS.ProcessEnv;
}

/** Runs a script as GitHub does, with `bash -e` and `pipefail`, on this terminal. @returns its exit code; 1 for a signal */
export type RunScript = (script: Script) => Promise<number>;

/** @throws Error when bash cannot be started */
export const runScript: RunScript = ({ run, folder, env }) =>
  new Promise((resolve, reject) => {
    const options = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run];
    const child = spawn('bash', options, { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
