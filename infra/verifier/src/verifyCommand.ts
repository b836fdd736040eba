import { parseArgs } from 'node:util';
import { UnusableInput } from './fault.js';
import { readText } from './input/readInput.js';
import { openCheckpoints } from './note/checkpoint.js';
import { parseVerifierKeys } from './note/verifierKeys.js';
import { verifyFile } from './verifyFile.js';

const USAGE =
  'Usage: npm run -s verify -- <history proof, log export or receipt> --key <public key file> [--checkpoint <file>]...';

/**
 * Runs `npm run verify`.
 *
 * @returns what was verified, in a sentence
 * @throws Fault if something does not verify; UnusableInput for wrong arguments, a key file that holds no keys, and files that
 * cannot be read
 */
export const verifyCommand = async (args: readonly string[]): Promise<string> => {
  const { path, key, checkpoints } = parse(args);
  const keys = parseVerifierKeys(await readText(key));
  const outside = [];
  for (const file of checkpoints) {
    const source = JSON.stringify(file);
    for (const checkpoint of openCheckpoints(await readText(file), keys, `The checkpoint file ${source}`))
      outside.push({ ...checkpoint, source });
  }
  return verifyFile(path, { keys, outside });
};

const OPTIONS = { key: { type: 'string', multiple: true }, checkpoint: { type: 'string', multiple: true } } as const;

const parse = (args: readonly string[]): { path: string; key: string; checkpoints: readonly string[] } => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [path, ...others] = positionals;
    const [key, ...more] = values.key ?? [];
    if (path !== undefined && key !== undefined && others.length === 0 && more.length === 0)
      return { path, key, checkpoints: values.checkpoint ?? [] };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    throw new UnusableInput(USAGE, { cause: error });
  }
  throw new UnusableInput(USAGE);
};
