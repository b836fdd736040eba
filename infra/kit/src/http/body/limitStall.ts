import type { IncomingMessage } from 'node:http';
import { hasBody } from './hasBody.js';

/** How often in the allowed time it is looked whether more has arrived. */
const LOOKS = 4;

/**
 * Calls `onStalled` when a request has sent no byte of its body for this long, or up to a quarter longer. A body that arrives slowly
 * is not stalled: the server's limit of a whole request ends it. The time-out of the socket does not serve: it counts bytes in both
 * directions, and Node sets it for idle connections.
 */
export const limitStall = (request: IncomingMessage, stallMs: number, onStalled: () => void): void => {
  const { socket } = request;
  if (!hasBody(request) || request.complete) return;
  let [readBytes, looks] = [socket.bytesRead, 0];
  const look = (): void => {
    looks = socket.bytesRead === readBytes ? looks + 1 : 0;
    readBytes = socket.bytesRead;
    if (request.complete || looks === LOOKS) clearInterval(timer);
    if (!request.complete && looks === LOOKS) onStalled();
  };
  const timer = setInterval(look, stallMs / LOOKS);
  // Comes when the body is read, or the connection ends.
  request.once('close', () => clearInterval(timer));
};
