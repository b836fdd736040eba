import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** How long a client that sends nothing has to read the response and close its side; then the connection is destroyed (H-03). */
const QUIET_MS = 1_000;
/** How many times as long a client may take that goes on sending. */
const MOST_TIMES = 30;

/**
 * Ends a connection whose client may still be sending. Destroyed at once, it would be reset, and the client could lose the answer
 * (RFC 9112 §9.6).
 * @param last what is sent before
 */
export const lingeringClose = (socket: Duplex & Partial<Pick<Socket, 'bytesRead'>>, last?: string): void => {
  if (last === undefined) socket.end();
  else socket.end(last);
  let [readBytes, times] = [socket.bytesRead, 0];
  const timer = setInterval(() => {
    times += 1;
    if (socket.bytesRead !== readBytes && times < MOST_TIMES) {
      readBytes = socket.bytesRead;
      return;
    }
    clearInterval(timer);
    socket.destroy();
  }, QUIET_MS).unref();
};
