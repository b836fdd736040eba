import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What may be said on a connection whose bytes can be read no further. */
export type Room =
  /** Nothing is expected there, or the request itself cannot be read to its end: then its answer is the one to give. */
  | { free: true; response: ServerResponse | undefined }
  /** Another answer would be taken for one that is expected, or for a part of it. */
  | { free: false };

/** The answers under way, by connection. */
export const answersUnderWay = () => {
  const byConnection = new Map<Duplex, Set<ServerResponse>>();
  /** The last request of each, which may have been answered before it was read. */
  const latest = new WeakMap<Duplex, IncomingMessage>();

  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    latest.set(socket, request);
    const open = byConnection.get(socket) ?? new Set();
    open.add(response);
    response.once('close', () => open.delete(response));
    if (byConnection.has(socket)) return;
    byConnection.set(socket, open);
    // Of those that wait for their turn, none closes when the connection does.
    socket.once('close', () => byConnection.delete(socket));
  };

  const roomOn = (socket: Duplex): Room => {
    const [response, ...others] = byConnection.get(socket) ?? [];
    const isRead = latest.get(socket)?.complete ?? true;
    if (response === undefined) return isRead ? { free: true, response } : { free: false };
    return { free: others.length === 0 && !response.headersSent && !isRead, response };
  };

  return { begin, roomOn, all: () => [...byConnection.values()].flatMap((open) => [...open]) };
};
