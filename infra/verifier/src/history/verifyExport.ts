import { LOG_EXPORT_FORMAT } from '@ums/contracts/proof/logExport';
import { Fault } from '../fault.js';
import { lineBatches } from '../input/lineBatches.js';
import { type Checkpoint, openCheckpoint } from '../note/checkpoint.js';
import type { VerifierKey } from '../note/verifierKeys.js';
import { exportedLeaves } from './exportedLeaves.js';
import { bySize, type OutsideCheckpoint } from './outsideCheckpoints.js';
import { parseStrictly } from './parseStrictly.js';
import { readMembers } from './readRecord.js';

/** What the proofs are checked against. */
export interface Trusted {
  keys: readonly VerifierKey[];
  outside: readonly OutsideCheckpoint[];
}

/**
 * Verifies a log export: the note of its checkpoint, every leaf, the whole tree, revisions, positions, that no
 * event of a stream that does not expire was deleted, as far as checkpoints say how many may expire, and that the tree of each
 * checkpoint from outside is the beginning of this one. Reads it once, in memory that grows with the number of streams alone.
 *
 * @returns what was verified, in a sentence
 * @throws Fault naming the first fault
 */
export const verifyExport = async (chunks: AsyncIterable<Uint8Array>, { keys, outside }: Trusted): Promise<string> => {
  let read: { checkpoint: Checkpoint; leaves: ReturnType<typeof exportedLeaves> } | undefined;
  for await (const lines of lineBatches(chunks))
    for (const line of lines) {
      if (read === undefined) {
        const checkpoint = readHeader(line, keys);
        read = { checkpoint, leaves: exportedLeaves(checkpoint, bySize(outside, checkpoint)) };
      } else read.leaves.add(line);
    }
  if (read === undefined) throw new Fault('The log export is empty.');
  const { checkpoint, leaves } = read;
  const { expired, unexplained, compared } = leaves.end();
  const withoutContent = expired === 0 ? '' : ` (${expired} of them expired, by their hashes alone)`;
  const apart = `${compared === 0 ? 'no' : compared} checkpoint${compared > 1 ? 's' : ''} from outside`;
  const doubt =
    unexplained === 0
      ? ''
      : ` Deleted ends of streams cannot be ruled out among ${unexplained} of the hashes: no checkpoint says how many events may expire.`;
  return `Verified: the whole log ${checkpoint.origin}, ${checkpoint.size} events${withoutContent}, root ${checkpoint.root.toString('base64')}, with ${apart}.${doubt}`;
};

const readHeader = (line: string, keys: readonly VerifierKey[]): Checkpoint => {
  const what = 'The first line';
  const { format, checkpoint } = readMembers(parseStrictly(line, what), { what, members: ['format', 'checkpoint'] });
  if (format !== LOG_EXPORT_FORMAT || typeof checkpoint !== 'string')
    throw new Fault('The first line is not that of a log export.');
  return openCheckpoint(checkpoint, keys, 'The checkpoint of the export');
};
