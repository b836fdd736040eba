import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface CommandsOptions {
  /** Besides the environment of the tests. */
  env?: Readonly<Record<string, string>>;
  /** @default the root of the repository */
  cwd?: string;
}

/** Runs commands in a shell, as if they were pasted into it. @returns exit code and output */
export const runCommands = (
  commands: string,
  { env = {}, cwd = ROOT }: CommandsOptions = {},
): Promise<{ code: number | null; printed: string }> =>
  new Promise((resolve) => {
    const shell = spawn('bash', ['-s'], { cwd, env: { ...process.env, ...env } });
    let printed = '';
    const read = (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    };
    shell.stdout.on('data', read);
    shell.stderr.on('data', read);
    shell.on('close', (code) => resolve({ code, printed }));
    shell.stdin.end(commands);
  });
