import { readFile } from 'node:fs/promises';
import { undefinedIfMissing } from '../undefinedIfMissing.js';
import { writePrivateFile } from './writePrivateFile.js';

/** A C2SP verifier key. */
const VERIFIER_KEY = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/gm;

/**
 * Writes the public keys of the notary, one a line, and below them those that the file had before: checkpoints and receipts of
 * former keys are verified with the file as well.
 *
 * @throws EngineFailed with one sentence that names the file.
 */
export const writeNotaryKeys = async (path: string, current: string): Promise<void> => {
  const before = (await readFile(path, 'utf8').catch(undefinedIfMissing)) ?? '';
  const lines = new Set(`${current}\n${before}`.match(VERIFIER_KEY));
  await writePrivateFile(path, [...lines].map((line) => `${line}\n`).join(''));
};
