import type { IncomingMessage } from 'node:http';

/** How often in the allowed time it is looked whether more has arrived. */
const LOOKS = 4;

/**
 * Calls `onStalled` when a request has sent no byte of its body for this long, or up to a quarter longer. A body that arrives slowly
 * is not stalled: the server's limit of a whole request ends it. The time-out of the socket does not serve: it counts bytes in both
 * directions, and Node sets it for idle connections.
 */
export const limitStall = (request: IncomingMessage, stallMs: number, onStalled: () => void): void => {
  const { socket } = request;
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (!hasBody || request.complete) return;
  let [read, looks] = [socket.bytesRead, 0];
  const timer = setInterval(() => {
    looks = socket.bytesRead === read ? looks + 1 : 0;
    read = socket.bytesRead;
    const isOver = request.complete || socket.destroyed;
    if (isOver || looks >= LOOKS) clearInterval(timer);
    if (!isOver && looks >= LOOKS) onStalled();
  }, stallMs / LOOKS);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
};
