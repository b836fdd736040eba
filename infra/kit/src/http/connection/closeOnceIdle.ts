import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Longer than a request is on its way between machines of a data centre. */
const IDLE_MS = 100;

export interface ServerConnections {
  /** The open connections. */
  connections(): Iterable<Socket>;
  /** Whether an answer is not sent yet. What is sent must say that its connection closes. */
  isAnswering(): boolean;
}

/**
 * Stops accepting connections, and closes those without a request after a moment, once no answer is under way (F-32). Node's
 * `close` alone closes idle connections at once, on which a client or a load balancer may have sent the next request already; it
 * takes an answer for sent before the client has taken it; and it waits for connections that were opened in advance and not used.
 */
export const closeOnceIdle = (server: Server, { connections, isAnswering }: ServerConnections): Promise<void> => {
  const closeIdle = server.closeIdleConnections.bind(server);
  // Node's `close` calls it first.
  server.closeIdleConnections = () => undefined;
  return new Promise((resolve) => {
    const closing = setInterval(() => {
      // Node counts a connection without a single byte as one whose request is arriving.
      for (const socket of connections()) if (socket.bytesRead === 0) socket.destroy();
      if (!isAnswering()) closeIdle();
    }, IDLE_MS);
    server.close(() => {
      clearInterval(closing);
      resolve();
    });
  });
};
