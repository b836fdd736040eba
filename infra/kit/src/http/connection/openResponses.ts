import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { addAwaited, removeAwaited } from './othersFirst.js';

/** Whether an error response may be written to a connection whose input cannot be parsed any further. */
export type WriteAccess =
  /** No response is open, or the only open one belongs to the request that cannot be parsed: `response` is that one. */
  | { allowed: true; response: ServerResponse | undefined }
  /**
   * The client would take the error for another response that it expects, or for a part of one. `last` is the last one that is
   * open to a request that was read to its end.
   */
  | { allowed: false; last: ServerResponse | undefined };

export interface OpenResponsesOptions {
  /** Called when a connection has closed before a request on it was answered. */
  onLost(socket: Socket): void;
}

interface Turn {
  request: IncomingMessage;
  /** Begins the work on the request. */
  begin(): void;
}

/** In order of arrival. The work on the first one has begun. */
type Line = Map<ServerResponse, Turn>;

/** Far more than clients that pipeline send before the first answer. */
const MAX_OPEN = 100;
/** Of the requests that wait on a connection, as long as it is not a single one, which may have the largest headers and a body. */
const MAX_WAITING_BYTES = 2 ** 16;

/**
 * Tracks the responses that are not finished, by connection, and hands over the requests of a connection one after the other. A
 * client may send a hundred before the first answer (RFC 9112 §9.3.2): work on all at once would keep the event loop, and go on
 * for a client that has left.
 */
export const openResponses = ({ onLost }: OpenResponsesOptions) => {
  const byConnection = new Map<Socket, Line>();
  /** The last request of each connection. Its response may have finished before its body was read. */
  const lastRequest = new WeakMap<Duplex, IncomingMessage>();

  /** Begins the request that is the next one now, after those of other connections that have arrived. */
  const beginNext = (socket: Socket, line: Line): void => {
    const [next] = line.values();
    if (next === undefined) return;
    setImmediate(() => {
      // An answer may have ended the connection.
      if (socket.writable) next.begin();
    });
  };

  const lineOf = (socket: Socket): Line => {
    const known = byConnection.get(socket);
    if (known !== undefined) return known;
    const line: Line = new Map();
    byConnection.set(socket, line);
    socket.once('close', () => {
      byConnection.delete(socket);
      // Node closes the first one only. The others have not begun.
      for (const response of line.keys()) removeAwaited(response);
    });
    return line;
  };

  /** @param begin is called when the requests before it on the connection are answered, and never if the client leaves before */
  const track = (request: IncomingMessage, response: ServerResponse, begin: () => void): void => {
    const { socket } = request;
    lastRequest.set(socket, request);
    const line = lineOf(socket);
    line.set(response, { request, begin });
    addAwaited(response);
    response.once('close', () => {
      line.delete(response);
      removeAwaited(response);
      // Node takes an answer that was written to a connection without a client for one that was sent.
      if (response.writableFinished && !request.errored) beginNext(socket, line);
      else onLost(socket);
    });
    if (line.size === 1) begin();
  };

  const writeAccess = (socket: Duplex): WriteAccess => {
    const open = [...(byConnection.get(socket as Socket)?.keys() ?? [])];
    const [response, ...others] = open;
    if (lastRequest.get(socket)?.complete ?? true) {
      return response === undefined ? { allowed: true, response } : { allowed: false, last: open.at(-1) };
    }
    // The work on the last request has not begun, and does not after the end of the connection.
    if (others.length > 0) return { allowed: false, last: open.at(-2) };
    if (response === undefined || response.headersSent) return { allowed: false, last: undefined };
    return { allowed: true, response };
  };

  /** Whether a connection may hold one more request. */
  const hasRoom = (request: IncomingMessage): boolean => {
    const [, ...waiting] = byConnection.get(request.socket)?.values() ?? [];
    if (waiting.length === 0) return true;
    const bytes = waiting.reduce((sum, turn) => sum + heldBytesOf(turn.request), heldBytesOf(request));
    return waiting.length < MAX_OPEN - 1 && bytes <= MAX_WAITING_BYTES;
  };

  return {
    ...{ track, hasRoom, writeAccess },
    connections: () => byConnection.keys(),
    all: () => [...byConnection.values()].flatMap((line) => [...line.keys()]),
  };
};

/** What a string takes in memory beside its characters, at least. */
const STRING_BYTES = 24;

/** What a request that waits holds in memory. Of a body in chunks, what has arrived: no request is read before its end. */
const heldBytesOf = ({ url = '', rawHeaders, headers, readableLength }: IncomingMessage): number => {
  const bodyBytes = Math.max(Number(headers['content-length'] ?? 0), readableLength);
  return rawHeaders.reduce((bytes, { length }) => bytes + STRING_BYTES + length, url.length) + bodyBytes;
};
