import { createHash } from 'node:crypto';
import { canonicalJson } from './canonicalJson.js';

/** A field of an event that may hold bytes instead of JSON. */
export type BinaryField = 'data' | 'metadata';

/** An event as the client of the log returns it. */
export interface StoredEvent {
  /** UUID in lower case. */
  id: string;
  stream: string;
  revision: bigint;
  type: string;
  /** Parsed JSON; bytes if the event is not JSON; text if it claims to be JSON and is not. Sealed fields stay sealed. */
  data: unknown;
  /** Parsed JSON; bytes if it is not JSON; `undefined` if there is none. */
  metadata: unknown;
}

/** An event as proofs hold it: JSON alone. Its canonical text is what the tree of the log hashes. */
export interface ProvedEvent extends Omit<StoredEvent, 'revision'> {
  revision: number;
  /**
   * The fields that are bytes, in the order `data`, `metadata`: such a field is their base64 text (RFC 4648 §4, padded), and
   * empty where there is no metadata. Without this member both are JSON. It is part of what is hashed, so that bytes and a
   * JSON text that looks like them differ.
   */
  base64?: readonly BinaryField[];
}

const FIELDS: readonly BinaryField[] = ['data', 'metadata'];
const LEAF = Buffer.of(0);

/** Whether an event is in the tree: all are but the log's own system events. */
export const isProvable = ({ stream, type }: { stream: string; type: string }): boolean =>
  !stream.startsWith('$') && !type.startsWith('$');

/**
 * The form of a stored event that proofs hold. An event in this form stays as it is; other members, such as the position, are
 * left out.
 *
 * @throws RangeError for a revision that is no safe integer.
 */
export const provedEvent = (event: StoredEvent | ProvedEvent): ProvedEvent => {
  const { id, stream, type, data, metadata } = event;
  const revision = Number(event.revision);
  if (!Number.isSafeInteger(revision)) throw new RangeError('the revision is no safe integer');
  const base64 = 'base64' in event ? event.base64 : FIELDS.filter((field) => isBytes(event[field]));
  const proved = { id, stream, revision, type, data: jsonOf(data), metadata: jsonOf(metadata) };
  return base64 === undefined || base64.length === 0 ? proved : { ...proved, base64 };
};

const isBytes = (value: unknown): value is Uint8Array | undefined => value === undefined || value instanceof Uint8Array;

const jsonOf = (value: unknown): unknown => (isBytes(value) ? Buffer.from(value ?? []).toString('base64') : value);

/**
 * The leaf of an event in the tree of the log: SHA-256 of a zero byte and the canonical JSON (RFC 8785) of
 * `{ id, stream, revision, type, data, metadata }`, or of these and `base64` (RFC 6962 §2.1).
 *
 * @returns 32 bytes.
 * @throws NotCanonical for an event that has no canonical JSON; RangeError for a revision that is no safe integer.
 */
export const leafHash = (event: StoredEvent | ProvedEvent): Buffer =>
  createHash('sha256')
    .update(LEAF)
    .update(canonicalJson(provedEvent(event)), 'utf8')
    .digest();
