import { Metadata, status } from '@grpc/grpc-js';
import type { AppendCondition } from '../append/append.js';
import { StatusError } from './statusError.js';

const PRINTABLE = /^[ -~]*$/;
/** The numbers of the protocol for expectations other than a revision, and for a missing stream. */
const NUMBERS = { any: -2n, no_stream: -1n, stream_exists: -4n } as const;

/** Trailers contain printable ASCII only, so any other name is sent percent-encoded. EventStoreDB answers HTTP 500 then. */
const trailersOf = (exception: string, name: string, more: Readonly<Record<string, string>> = {}): Metadata => {
  const trailers = new Metadata();
  trailers.set('exception', exception);
  trailers.set('stream-name', PRINTABLE.test(name) ? name : encodeURIComponent(name));
  for (const [key, value] of Object.entries(more)) trailers.set(key, value);
  return trailers;
};

/** A read of, or write to, a tombstoned stream. Also of an append that requires a soft-deleted stream to exist. */
export const streamDeleted = (stream: Buffer): StatusError => {
  const name = stream.toString();
  const text = `Event stream '${name}' is deleted.`;
  return new StatusError(status.FAILED_PRECONDITION, text, trailersOf('stream-deleted', name));
};

/** A Delete or Tombstone of a stream at another revision; an append is answered with a message instead. */
export const deleteAtWrongRevision = (
  stream: Buffer,
  expected: AppendCondition,
  actual: bigint | undefined,
): StatusError => {
  const name = stream.toString();
  const [wanted, found] = [typeof expected === 'bigint' ? expected : NUMBERS[expected], actual ?? NUMBERS.no_stream];
  return new StatusError(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${name}, Expected version: ${wanted}, Actual version: ${found}`,
    trailersOf('wrong-expected-version', name, { 'expected-version': `${wanted}`, 'actual-version': `${found}` }),
  );
};
