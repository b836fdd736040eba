import { decodeText, encodeText } from '@ums/contracts/base64url';
import type { HistoryStream } from '@ums/identity/history/historyEntry';

/**
 * A place between two entries of a history: for each of its streams, the number of events before it. Streams only grow at their
 * end, so a place never moves.
 */
export type Boundary = Readonly<Partial<Record<HistoryStream, bigint>>>;

const LETTERS: Readonly<Record<HistoryStream, string>> = { user: 'u', signin: 's', access: 'a' };
/** Three streams with 15 digits each, in base64url. */
const LONGEST = 80;

/** Opaque to clients. A count ends with a blank, so that a place that was cut off is none. */
export const formatBoundary = (boundary: Boundary, streams: readonly HistoryStream[]): string =>
  encodeText(streams.map((stream) => `${LETTERS[stream]}${boundary[stream] ?? 0n} `).join(''));

/** `undefined` for a text that is no place in a history of exactly these streams. */
export const parseBoundary = (text: string, streams: readonly HistoryStream[]): Boundary | undefined => {
  const parts = (text.length > LONGEST ? '' : (decodeText(text) ?? '')).split(' ');
  if (parts.pop() !== '') return undefined;
  const counts = streams.map((stream, index) => countIn(parts[index], LETTERS[stream]));
  if (parts.length !== streams.length || counts.includes(undefined)) return undefined;
  return Object.fromEntries(streams.map((stream, index) => [stream, counts[index]])) as Boundary;
};

const countIn = (part: string | undefined, letter: string): bigint | undefined => {
  const [, sign, digits] = /^([a-z])(0|[1-9]\d{0,14})$/.exec(part ?? '') ?? [];
  return sign === letter && digits !== undefined ? BigInt(digits) : undefined;
};
