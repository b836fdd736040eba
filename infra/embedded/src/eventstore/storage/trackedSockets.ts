import { Socket } from 'node:net';

/** Sockets for pg to use, so that connections to a database that hangs can be ended without its consent. */
export function trackedSockets() {
  const open = new Set<Socket>();
  return {
    stream: (): Socket => {
      const socket = new Socket();
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      return socket;
    },
    /** Ends connections with a farewell, and after `patience` milliseconds without. */
    end: async (farewell: () => Promise<void>, patience: number): Promise<void> => {
      const cut = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, patience);
      try {
        await farewell();
      } finally {
        clearTimeout(cut);
      }
    },
  };
}
