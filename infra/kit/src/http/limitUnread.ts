import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Destroys the connection of a client that takes nothing of an answer for this long: of one that is sent in one piece, or from a
 * file. What is sent chunk by chunk has a limit of its own, see `sendChunks`.
 */
export const limitUnread = ({ socket }: IncomingMessage, response: ServerResponse, unreadMs: number): void => {
  // Node counts from the last progress, destroys the connection, and sets its limit for the next request once all is sent.
  const limit = (): void => void socket.setTimeout(unreadMs);
  response.once('prefinish', limit).once('pipe', limit);
};
