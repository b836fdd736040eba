import { LOG_EXPORT_FORMAT } from '@ums/contracts/proof/logExport';
import { Fault, UnusableInput } from './fault.js';
import { parseStrictly } from './history/parseStrictly.js';
import { type Trusted, verifyExport } from './history/verifyExport.js';
import { verifyProof } from './history/verifyProof.js';
import { readBeginning, readChunks, readText } from './input/readInput.js';
import { isReceipt, verifyReceipt } from './receipt/verifyReceipt.js';

/** More than the first line of an export has: a format and a signed note. */
const HEADER_BYTES = 64 * 1_024;
const MAX_PROOF_BYTES = 256 * 1_024 * 1_024;

/**
 * Verifies a file: the history proof of one person, the receipt of an erasure, or a log export.
 *
 * @returns what was verified, in a sentence
 * @throws Fault; UnusableInput
 */
export const verifyFile = async (path: string, trusted: Trusted): Promise<string> => {
  const { text, size } = await readBeginning(path, HEADER_BYTES);
  if (isExport(text)) return verifyExport(readChunks(path), trusted);
  // It is parsed as a whole.
  if (size > MAX_PROOF_BYTES) throw new Fault('The file is no log export, and too large for a history proof.');
  const whole = await readText(path);
  const parsed = parseStrictly(whole.replace(/\n$/, ''), 'The file', [0, 2]);
  if (!isReceipt(parsed)) return verifyProof(parsed, trusted);
  if (trusted.outside.length > 0)
    throw new UnusableInput('A receipt is verified without checkpoints: it is not part of the log.');
  return verifyReceipt(parsed, trusted.keys);
};

const isExport = (beginning: string): boolean => {
  const [line = '', ...others] = beginning.split('\n', 2);
  if (others.length === 0) return false;
  try {
    return JSON.parse(line)?.format === LOG_EXPORT_FORMAT;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
};
