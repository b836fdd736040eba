import type { IncomingMessage, ServerResponse } from 'node:http';
import { lingeringClose } from '../connection/lingeringClose.js';
import { hasBody } from './hasBody.js';

/** A client that is answered while it sends may send this much more, so that it reads the answer. */
const MAX_REST_BYTES = 16 * 1024 * 1024;
/** In each body. More must be large on average: every chunk costs some three microseconds, however small it is. */
const FREE_CHUNKS = 256;
/** Clients send kilobytes in a chunk. */
const BYTES_A_CHUNK = 128;

/**
 * Calls `onTooManyChunks` once when the body of a request comes in many tiny chunks, and reads no more of it. Reads what a client
 * still sends when it is answered, and closes the connection of one that does not end.
 */
export const limitBody = (request: IncomingMessage, response: ServerResponse, onTooManyChunks: () => void): void => {
  if (!hasBody(request)) return;
  const { push } = request;
  let [chunks, bytes, restBytes] = [0, 0, 0];
  let isCut = false;
  // A listener of `data` would begin the reading.
  request.push = (chunk: Buffer | null, ...rest): boolean => {
    // Without its end, a body that was cut is never taken for a whole one.
    if (isCut) return false;
    if (chunk === null) return push.call(request, chunk, ...rest);
    chunks += 1;
    bytes += chunk.length;
    if (response.writableEnded) restBytes += chunk.length;
    isCut = chunks > FREE_CHUNKS + bytes / BYTES_A_CHUNK || restBytes > MAX_REST_BYTES;
    if (!isCut) return push.call(request, chunk, ...rest);
    if (restBytes > MAX_REST_BYTES) request.destroy();
    else onTooManyChunks();
    return false;
  };
  response.once('prefinish', () => {
    if (request.complete) return;
    // Otherwise, Node drops the rest of a body that nothing has read, without a bound.
    request.resume();
    request.read(0);
    // Node calls this behind an answer that ends the connection.
    const { socket } = request;
    socket.destroySoon = () => lingeringClose(socket);
  });
};
