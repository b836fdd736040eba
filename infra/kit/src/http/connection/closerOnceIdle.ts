import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Longer than a request is on its way between machines of a data centre. */
const IDLE_MS = 100;

/**
 * Prepares to close a server in order (F-32). Node's `close` alone closes idle connections at once, on which a client or a load
 * balancer may have sent the next request already; it takes an answer for sent before the client has taken it; and it waits for
 * connections that were opened in advance and not used.
 *
 * @param isAnswering whether an answer is not sent yet
 * @returns stops accepting connections, and resolves once all are closed: one without a request after a moment, the others after
 * their answers, which must say so
 */
export const closerOnceIdle = (server: Server, isAnswering: () => boolean): (() => Promise<void>) => {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const closeIdle = server.closeIdleConnections.bind(server);

  return () =>
    new Promise((resolve) => {
      // Node's `close` calls it first.
      server.closeIdleConnections = () => undefined;
      const closing = setInterval(() => {
        // Node counts a connection without a single byte as one whose request is arriving.
        for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
        if (!isAnswering()) closeIdle();
      }, IDLE_MS);
      server.close(() => {
        clearInterval(closing);
        resolve();
      });
    });
};
