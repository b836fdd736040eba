import type { Duplex } from 'node:stream';

/** Time for the client to read the response and close its side; then the connection is destroyed (H-03). */
const LINGER_MS = 1_000;

/**
 * Ends a connection whose client may still be sending. Destroyed at once, it would be reset, and the client could lose the answer
 * (RFC 9112 §9.6).
 * @param last what is sent before
 */
export const lingeringClose = (socket: Duplex, last?: string): void => {
  if (last === undefined) socket.end();
  else socket.end(last);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
};
