import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { addAwaited, removeAwaited } from './othersFirst.js';

/** Whether an error response may be written to a connection whose input cannot be parsed any further. */
export type WriteAccess =
  /** No response is open, or the only open one belongs to the request that cannot be parsed: `response` is that one. */
  | { allowed: true; response: ServerResponse | undefined }
  /**
   * The client would take the error for another response that it expects, or for a part of one. `last` is the last response
   * that is open, if it has not begun and the requests were read to their end.
   */
  | { allowed: false; last: ServerResponse | undefined };

/**
 * Tells what waits for the close of a response that its connection has ended. Node does so for the response at the front of the
 * connection only, and never for those of pipelined requests behind it, whose slots and files would be kept for ever.
 */
const close = (response: ServerResponse): void => {
  response.destroy();
  response.emit('close');
};

/** Tracks the responses that are not finished, by connection. */
export const openResponses = () => {
  const byConnection = new Map<Duplex, Set<ServerResponse>>();
  /** The last request of each connection. Its response may have finished before its body was read. */
  const lastRequest = new WeakMap<Duplex, IncomingMessage>();

  const track = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    lastRequest.set(socket, request);
    const open = byConnection.get(socket) ?? new Set();
    open.add(response);
    addAwaited(response);
    response.once('close', () => {
      open.delete(response);
      removeAwaited(response);
    });
    if (byConnection.has(socket)) return;
    byConnection.set(socket, open);
    socket.once('close', () => {
      byConnection.delete(socket);
      for (const left of open) close(left);
    });
  };

  const writeAccess = (socket: Duplex): WriteAccess => {
    const open = [...(byConnection.get(socket) ?? [])];
    const [response, ...others] = open;
    const last = open.at(-1);
    if (lastRequest.get(socket)?.complete ?? true) {
      return response === undefined
        ? { allowed: true, response }
        : { allowed: false, last: last?.headersSent ? undefined : last };
    }
    if (response === undefined || others.length > 0 || response.headersSent) return { allowed: false, last: undefined };
    return { allowed: true, response };
  };

  /** Responses of a connection that are not finished. */
  const openOn = (socket: Duplex): number => byConnection.get(socket)?.size ?? 0;

  /** Bytes of them that the client has not taken. */
  const unsentOn = (socket: Duplex): number =>
    [...(byConnection.get(socket) ?? [])].reduce((bytes, { writableLength }) => bytes + writableLength, 0);

  return { track, writeAccess, openOn, unsentOn, all: () => [...byConnection.values()].flatMap((open) => [...open]) };
};
