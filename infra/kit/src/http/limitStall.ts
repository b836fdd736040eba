import type { IncomingMessage } from 'node:http';

/**
 * Calls `onStalled` when a request has sent no byte of its body for this long. A body that arrives slowly is not stalled: the
 * server's limit of a whole request ends it.
 */
export const limitStall = (request: IncomingMessage, stallMs: number, onStalled: () => void): void => {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (!hasBody) return;
  // Counts from the last byte in either direction. Node replaces the limit once the response is finished.
  request.setTimeout(stallMs, () => {
    if (!request.complete) onStalled();
  });
};
