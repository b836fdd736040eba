import { HISTORY_PROOF_FORMAT } from '@ums/contracts/proof/historyProof';
import { Fault } from '../fault.js';
import { type Checkpoint, openCheckpoint } from '../note/checkpoint.js';
import { includedRoot } from '../tree/includedRoot.js';
import { describeEvent } from './describeEvent.js';
import { historyOrder } from './historyOrder.js';
import { leafOf } from './leafOf.js';
import { bySize } from './outsideCheckpoints.js';
import { type PlacedEvent, readHash, readMembers, readPlacedEvent } from './readRecord.js';
import type { Trusted } from './verifyExport.js';

/**
 * Verifies the history proof of one person: the note of its checkpoint, that every event is in its tree, revisions and positions.
 * A checkpoint from outside is compared if it is of the same size; it must be of the same log in any case.
 *
 * @param proof parsed JSON
 * @returns what was verified, in a sentence
 * @throws Fault naming the first fault
 */
export const verifyProof = (proof: unknown, { keys, outside }: Trusted): string => {
  const what = 'The history proof';
  const { format, checkpoint, events } = readMembers(proof, { what, members: ['format', 'checkpoint', 'events'] });
  if (format !== HISTORY_PROOF_FORMAT || typeof checkpoint !== 'string' || !Array.isArray(events))
    throw new Fault(
      `The format of the file is neither that of a history proof, nor that of a log export, nor that of a receipt.`,
    );
  const head = openCheckpoint(checkpoint, keys, 'The checkpoint of the history proof');
  const same = bySize(outside, head).filter(({ size }) => size === head.size);
  for (const { root, source } of same)
    if (!root.equals(head.root))
      throw new Fault(
        `The checkpoint of the history proof and that of ${source} state different trees of size ${head.size}.`,
      );
  const placed = events.map((record, number) => readIncluded(record, number, head));
  const userId = userOf(placed);
  checkListed(placed);
  const order = historyOrder();
  for (const one of placed.toSorted((a, b) => a.index - b.index)) order.check(one);
  const others =
    outside.length === 0 ? '' : ` (${same.length} of ${outside.length} checkpoints from outside are of this size)`;
  return `Verified: ${placed.length} events of user ${userId} in the log ${head.origin}, tree of ${head.size} events, root ${head.root.toString('base64')}${others}.`;
};

const readIncluded = (value: unknown, number: number, head: Checkpoint): PlacedEvent => {
  const what = `entry ${number}`;
  const record = readMembers(value, { what, members: ['index', 'position', 'event', 'inclusion'] });
  const placed = readPlacedEvent(record, what);
  if (!Array.isArray(record.inclusion)) throw new Fault(`${describeEvent(placed)} has no inclusion proof.`);
  const path = record.inclusion.map((hash) => readHash(hash, what));
  const root = includedRoot(leafOf(placed), { index: placed.index, size: head.size, path });
  if (root === undefined || !root.equals(head.root))
    throw new Fault(`${describeEvent(placed)} is not in the tree: it, its place or its proof was changed.`);
  return placed;
};

/** Checks that each stream lists its events in the order of the tree. @throws Fault */
const checkListed = (events: readonly PlacedEvent[]): void => {
  let last: PlacedEvent | undefined;
  for (const placed of events) {
    if (last !== undefined && last.event.stream === placed.event.stream && placed.index < last.index)
      throw new Fault(`${describeEvent(placed)} is listed after leaf ${last.index}: entries were swapped.`);
    last = placed;
  }
};

/**
 * The person whom all events are about.
 * @throws Fault unless the events are of `user-<id>`, then of `signin-<id>`, then of `access-<id>`
 */
const userOf = (events: readonly PlacedEvent[]): string => {
  const [first] = events;
  const id = first && /^user-([0-9a-f-]{36})$/.exec(first.event.stream)?.[1];
  if (id === undefined) throw new Fault('The history proof does not begin with an event of a user.');
  const streams = [`user-${id}`, `signin-${id}`, `access-${id}`];
  let turn = 0;
  for (const placed of events) {
    turn = streams.indexOf(placed.event.stream, turn);
    if (turn === -1)
      throw new Fault(
        `${describeEvent(placed)} does not belong here: it is of another stream than the entries before.`,
      );
  }
  return id;
};
