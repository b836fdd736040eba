import type { Socket } from 'node:net';

/**
 * Resets a connection at once, and drops what was not sent. `resetAndDestroy` of Node waits until everything was sent, which may be
 * never, and sends an orderly end before the reset.
 */
export const resetConnection = (socket: Socket): void => {
  // What `destroy` looks at; Node has no public way.
  Object.assign(socket, { resetAndClosing: true }).destroy();
};
