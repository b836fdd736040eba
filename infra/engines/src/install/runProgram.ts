import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { RealEngineFailed, withLastLines } from '../realEngineFailed.js';

const LAST_LINES = 15;

/**
 * Runs a program to its end.
 * @throws RealEngineFailed with the last lines of its output when it does not exit with code 0.
 */
export const runProgram = async (
  path: string,
  args: readonly string[],
  onLine: (line: string) => void = () => undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> => {
  const child = spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const killChild = () => child.kill();
  process.once('exit', killChild);
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
      onLine(line);
    });
  const end = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(`cannot be run (${error.code})`));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`));
  });
  process.off('exit', killChild);
  if (end !== undefined) throw new RealEngineFailed(withLastLines(`${path} ${end}.`, lines));
};
