import { spawn } from 'node:child_process';
import { installGoProgram } from '@ums/engines/install/installGoProgram';
import { StartRefused } from '@ums/kit/startRefused';
import { GO_TOOLS } from './goTools.js';

/**
 * Runs a tool written in Go on this terminal: `<tool> [<argument>]...`. The first run compiles it with Go and keeps it with
 * the engines.
 * @returns its exit code; 1 for a signal
 * @throws StartRefused when there is no such tool, or it cannot be compiled
 */
export const runGoTool = async ([name, ...args]: readonly string[], env = process.env): Promise<number> => {
  const recipe = GO_TOOLS.find((tool) => tool.name === name);
  if (recipe === undefined) throw new StartRefused(`Tools: ${GO_TOOLS.map((tool) => tool.name).join(', ')}`);
  const program = await installGoProgram(recipe, (text) => process.stderr.write(`${text}\n`), env);
  const child = spawn(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
};
