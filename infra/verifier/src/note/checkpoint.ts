import { Fault } from '../fault.js';
import { bytesOfBase64 } from '../input/base64.js';
import { printable } from '../input/printable.js';
import { requireSigned } from './requireSigned.js';
import type { VerifierKey } from './verifierKeys.js';

/** The head of a tree that a notary has signed. */
export interface Checkpoint {
  /** Name of the log, and of the key. */
  origin: string;
  size: number;
  /** 32 bytes. */
  root: Buffer;
  /** How many of its leaves are of streams whose events may expire; absent where it does not say. */
  expirable?: number;
}

/**
 * A signed note (C2SP signed-note) that holds a checkpoint (C2SP tlog-checkpoint). Ed25519 signatures have 92 characters, so that a
 * line that was cut off never matches.
 */
const NOTE =
  /^([^\s+]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n(ums-expirable (0|[1-9]\d{0,15})\n)?\n((?:— [^\s+]+ [A-Za-z0-9+/]{91}=\n)+)/gm;

/**
 * The checkpoints of a text with signed notes one after another, each verified. What is no whole note is passed over: a file that
 * is only appended to may hold the beginning of one.
 *
 * @param what names the text in messages, such as `The checkpoint file "a"`
 * @throws Fault if there is none, and for one that none of the keys has signed.
 */
export const openCheckpoints = (text: string, keys: readonly VerifierKey[], what: string): Checkpoint[] => {
  const notes = [...`${text}\n`.matchAll(NOTE)];
  if (notes.length === 0) throw new Fault(`${what} holds no signed checkpoint.`);
  return notes.map((note) => openNote(note, keys, what));
};

/** The checkpoint of a text that is one signed note and nothing else. @throws Fault as {@link openCheckpoints} */
export const openCheckpoint = (text: string, keys: readonly VerifierKey[], what: string): Checkpoint => {
  const [note, ...others] = [...text.matchAll(NOTE)];
  if (note === undefined || others.length > 0 || note[0] !== text)
    throw new Fault(`${what} is no signed note of a checkpoint.`);
  return openNote(note, keys, what);
};

const openNote = (note: RegExpExecArray, keys: readonly VerifierKey[], what: string): Checkpoint => {
  const [, origin = '', size, root = '', extension = '', expirable, lines = ''] = note;
  const own = keys.filter(({ name }) => name === origin);
  if (own.length === 0) {
    const names = [...new Set(keys.map(({ name }) => printable(name)))].join(', ');
    throw new Fault(`${what} is of the log ${printable(origin)}, and the key is of ${names}.`);
  }
  const head = `${what}, size ${size},`;
  requireSigned(`${origin}\n${size}\n${root}\n${extension}`, lines, { keys: own, what: head });
  const rootBytes = bytesOfBase64(root);
  if (rootBytes === undefined) throw new Fault(`${head} has a root that is no base64.`);
  const counted = expirable === undefined ? {} : { expirable: Number(expirable) };
  return { origin, size: Number(size), root: rootBytes, ...counted };
};
