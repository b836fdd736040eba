import { rootAt } from '@ums/contracts/tree/proofs';
import type { TileReader } from '@ums/contracts/tree/tile';
import type { NotaryKeys } from '../note/notaryKeys.js';
import { parseNotes, type TreeHead } from '../note/signedNote.js';
import { Contradicted } from './contradicted.js';

/** What a place, or the table of the notary, holds as its latest checkpoint. */
export interface KeptNote {
  /** Where it is, for the sentence to the operator. */
  where: string;
  /** Text whose last whole note counts. */
  text: string;
}

export interface StoredTree {
  size: number;
  /** How many leaves are of streams whose events may expire; `undefined` where that was not counted. */
  expirable: number | undefined;
  readTiles: TileReader;
  /** Whether every event that the log held a moment ago is in the tree. */
  isCurrent: boolean;
}

/**
 * Proves that a tree extends checkpoints that were signed before: at the size of each, it has the same root, and it counts no
 * fewer leaves that may expire, and no more than were added since.
 *
 * @returns `false` when that cannot be said yet, because the tree is still growing to such a size.
 * @throws Contradicted with one sentence; TileMissing; errors of the reader.
 */
export const proveExtension = async (
  { size, expirable, readTiles, isCurrent }: StoredTree,
  kept: readonly KeptNote[],
  { origin, keys }: { origin: string; keys: Pick<NotaryKeys, 'verifies'> },
): Promise<boolean> => {
  let isProved = true;
  for (const { where, text } of kept) {
    const note = parseNotes(text).at(-1);
    if (note === undefined || note.head.origin !== origin)
      throw new Contradicted(`What ${where} holds is no checkpoint of ${origin}.`);
    if (!keys.verifies(note))
      throw new Contradicted(
        `The last checkpoint in ${where} is signed with neither NOTARY_KEY nor NOTARY_KEY_PREVIOUS.`,
      );
    const { head } = note;
    if (head.size > size) {
      if (isCurrent)
        throw new Contradicted(
          `The last checkpoint in ${where} covers ${head.size} events, but the log has ${size}: it was cut short or restored.`,
        );
      isProved = false;
    } else if (!(await rootAt(readTiles, head.size)).equals(head.root))
      throw new Contradicted(
        `The first ${head.size} events are not those that the last checkpoint in ${where} covers: the log was changed.`,
      );
    else if (!isCounted({ size, expirable }, head))
      throw new Contradicted(
        `The last checkpoint in ${where} counts ${head.expirable} events that may expire, and the tree of ${size} events ${expirable ?? 'does not count them'}: notary.expirable was changed.`,
      );
  }
  return isProved;
};

/** An attacker who lowers the number, or makes it vanish, could pass deleted events off as expired ones or the reverse. */
const isCounted = ({ size, expirable }: Pick<StoredTree, 'size' | 'expirable'>, head: TreeHead): boolean => {
  if (head.expirable === undefined) return true;
  if (expirable === undefined) return false;
  const added = expirable - head.expirable;
  return added >= 0 && added <= size - head.size;
};
