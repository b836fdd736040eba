import { Fault } from '../fault.js';
import type { Checkpoint } from '../note/checkpoint.js';
import { growingTree } from '../tree/growingTree.js';
import { describeEvent } from './describeEvent.js';
import { expirableCount } from './expirableCount.js';
import { historyOrder } from './historyOrder.js';
import { leafOf } from './leafOf.js';
import type { OutsideCheckpoint } from './outsideCheckpoints.js';
import { parseStrictly } from './parseStrictly.js';
import { type PlacedEvent, readHash, readIndex, readMembers, readPlacedEvent } from './readRecord.js';

/** The leaves of an export, one line after another. */
export interface ExportedLeaves {
  /** @throws Fault */
  add(line: string): void;
  /** After the last line. @throws Fault */
  end(): { expired: number; unexplained: number; compared: number };
}

/**
 * Computes the tree of an export and compares it with the checkpoints.
 *
 * @param outside by size, smallest first
 */
export const exportedLeaves = (own: Checkpoint, outside: readonly OutsideCheckpoint[]): ExportedLeaves => {
  const tree = growingTree();
  const order = historyOrder();
  const count = expirableCount();
  let compared = 0;
  let last: PlacedEvent | undefined;
  /** Size of the largest tree that a checkpoint has confirmed. */
  let confirmed = 0;
  const compare = (checkpoint: Checkpoint, source: string): void => {
    const { size, root } = checkpoint;
    if (!tree.root().equals(root))
      throw new Fault(
        `The events differ from the checkpoint of size ${size} of ${source}: the first difference is between leaf ${confirmed} and ${nameOf(last, size - 1)}.`,
      );
    confirmed = size;
    count.compare(checkpoint, source);
  };
  const compareOutside = (): void => {
    const next = outside[compared];
    if (next === undefined || next.size !== tree.size()) return;
    compare(next, next.source);
    compared += 1;
  };
  compareOutside();
  return {
    add: (line) => {
      const index = tree.size();
      if (index === own.size)
        throw new Fault(`Line ${index + 2} is more than the ${own.size} events of the checkpoint.`);
      const leaf = readLeaf(line, index);
      count.take(leaf.placed);
      if (leaf.placed !== undefined) {
        order.check(leaf.placed);
        last = leaf.placed;
      }
      tree.append(leaf.hash);
      compareOutside();
    },
    end: () => {
      if (tree.size() < own.size)
        throw new Fault(`The export ends after ${tree.size()} of ${own.size} events: leaf ${tree.size()} is missing.`);
      compare(own, 'the export');
      const beyond = outside[compared];
      if (beyond !== undefined)
        throw new Fault(
          `The export ends after ${own.size} events, and the checkpoint of ${beyond.source} has ${beyond.size}: the events from leaf ${own.size} on are missing, or the export is older.`,
        );
      const { all, unexplained } = count.hashes();
      return { expired: all, unexplained, compared };
    },
  };
};

const nameOf = (placed: PlacedEvent | undefined, index: number): string =>
  placed?.index === index ? `${describeEvent(placed).replace('Event', 'event')}` : `leaf ${index}`;

const readLeaf = (line: string, index: number): { hash: Buffer; placed?: PlacedEvent } => {
  const what = `line ${index + 2}`;
  const parsed = parseStrictly(line, `Line ${index + 2}`);
  const record = readMembers(parsed, { what, members: ['index'], optional: ['leaf', 'position', 'event'] });
  const stated = record.leaf === undefined ? undefined : readHash(record.leaf, what);
  const found = readIndex(record.index, what);
  if (found !== index) throw new Fault(`Line ${index + 2} must be leaf ${index}, and is leaf ${found}.`);
  if (stated !== undefined && record.event === undefined && record.position === undefined) return { hash: stated };
  const placed = readPlacedEvent(record, what);
  const hash = leafOf(placed);
  if (stated !== undefined && !stated.equals(hash))
    throw new Fault(`${describeEvent(placed)} was changed: it is not what its leaf was made of.`);
  return { hash, placed };
};
