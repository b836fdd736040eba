import type { Request } from 'express';

/** A client that is refused while it sends may send this much more, so that it reads the answer. */
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;

/** Lets a client that is still sending read the answer, and closes the connection of one that does not end. */
export const discardRest = (request: Request): void => {
  let discarded = 0;
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > MAX_DISCARDED_BYTES) request.destroy();
  });
  // It is paused after it was unpiped from a parser.
  request.resume();
};
