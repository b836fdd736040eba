import type { Socket } from 'node:net';

interface Progress {
  takenBytes: number;
  /** When it was seen, in milliseconds. */
  since: number;
}

/** How often in the allowed time it is looked how much was taken. */
const LOOKS = 4;

/**
 * Resets connections whose clients take nothing of an answer for this long, or up to half as long again, whatever they send. What
 * is sent in one piece counts as taken once all of it was. A slow client is seen to take something when the system has room for the
 * next piece, so one that reads less than some sixty kilobytes a second from a large buffer may look like one that reads nothing.
 * @param sockets the connections with an answer that is not finished
 * @returns what ends it
 */
export const limitUnread = (sockets: () => Iterable<Socket>, unreadMs: number): (() => void) => {
  const progress = new WeakMap<Socket, Progress>();
  const look = (): void => {
    const now = performance.now();
    for (const socket of sockets()) {
      const unsent = socket.writableLength;
      const takenBytes = socket.bytesWritten - unsent;
      const last = progress.get(socket);
      if (unsent === 0 || last?.takenBytes !== takenBytes) progress.set(socket, { takenBytes, since: now });
      // A reset, because a reader of HTTP/1.0 takes an orderly end for that of the answer. No end is on its way: bytes are unsent.
      else if (now - last.since >= unreadMs) socket.resetAndDestroy();
    }
  };
  const timer = setInterval(look, unreadMs / LOOKS).unref();
  return () => clearInterval(timer);
};
