import { Socket } from 'node:net';

/** Sockets for pg that can be destroyed when the database hangs and does not close its connections. */
export const trackedSockets = () => {
  const open = new Set<Socket>();
  return {
    /** For pg's option `stream`. */
    stream: (): Socket => {
      const socket = new Socket();
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      return socket;
    },
    /** Closes the connections with `close`, and destroys the sockets that are still open after `timeoutMs`. */
    end: async (close: () => Promise<void>, timeoutMs: number): Promise<void> => {
      const force = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, timeoutMs);
      try {
        await close();
      } finally {
        clearTimeout(force);
      }
    },
  };
};
