import { type Trusted, verifyExport } from '../src/history/verifyExport.js';
import { openCheckpoints } from '../src/note/checkpoint.js';
import { parseVerifierKeys } from '../src/note/verifierKeys.js';
import type { TestLog } from './testLog.js';

/** What a reader trusts who has the public key of a log, and these notes from outside. */
export const trusting = ({ notary }: Pick<TestLog, 'notary'>, ...notes: readonly string[]): Trusted => {
  const keys = parseVerifierKeys(notary.publicKey);
  const outside = notes.flatMap((note) => openCheckpoints(note, keys, 'The checkpoint file'));
  return { keys, outside: outside.map((checkpoint) => ({ ...checkpoint, source: '"outside"' })) };
};

/** Verifies an export that is in memory. @returns what was verified, or the message of the fault */
export const outcomeOf = async (bytes: string | Buffer, trusted: Trusted): Promise<string> => {
  const whole = Buffer.from(bytes);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < whole.length; start += 65_536) yield whole.subarray(start, start + 65_536);
  }
  return verifyExport(chunks(), trusted).catch((error: Error) => `${error.name}: ${error.message}`);
};
