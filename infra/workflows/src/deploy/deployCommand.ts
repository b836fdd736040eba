import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeOf } from '@ums/kit/postgres/errors';
import { StartRefused } from '@ums/kit/startRefused';
import { type Aws, awaitStage } from './awaitStage.js';

const run = promisify(execFile);

/** The AWS command line in PATH. @throws StartRefused when it is missing or fails */
export const awsProgram: Aws = async (args) => {
  try {
    return JSON.parse((await run('aws', [...args, '--output', 'json'], { env: process.env })).stdout);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new StartRefused('The program aws is not installed.');
    if (typeof error === 'object' && error !== null && 'stderr' in error)
      throw new StartRefused(`aws ${args[1]} failed: ${String(error.stderr).trim()}`);
    throw error;
  }
};

const PAUSE_MS = 15_000;

/** `<pipeline> <stage> <commit>`: starts a pipeline and waits for a stage. @throws StartRefused */
export const deployCommand = async (
  args: readonly string[],
  print: (line: string) => void,
  pause = () => setTimeout(PAUSE_MS),
): Promise<string> => {
  const [pipeline = '', stage = '', commit = ''] = args;
  if (args.length !== 3 || args.includes(''))
    throw new StartRefused('npm run -s deploy -- <pipeline> <stage> <commit>');
  const id = await awaitStage({ pipeline, stage, commit }, { aws: awsProgram, pause, print });
  return `Deployed: ${stage} of ${pipeline} has succeeded in execution ${id}.`;
};
