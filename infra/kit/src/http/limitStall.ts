import type { IncomingMessage } from 'node:http';

/**
 * Calls `onStalled` when a request has sent no byte of its body for this long. A body that arrives slowly is not stalled: the
 * server's limit of a whole request ends it.
 */
export const limitStall = (request: IncomingMessage, stallMs: number, onStalled: () => void): void => {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (!hasBody) return;
  // Counts from the last byte in either direction.
  request.setTimeout(stallMs, onStalled);
  // An answer may take longer. With a limit and no listener, Node would destroy the connection.
  request.once('end', () => request.setTimeout(0));
};
