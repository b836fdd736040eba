import type { ServerResponse } from 'node:http';
import { resetConnection } from './resetConnection.js';

/**
 * Closes the connection of an answer that is not complete, so that its reader learns of it. In HTTP/1.1 the last chunk is missing then.
 * In HTTP/1.0, which proxies such as nginx speak to a service unless they are told otherwise, an orderly end of the connection is the
 * end of the answer (RFC 9112 §8): only a reset tells that there is more.
 */
export const breakOff = (response: ServerResponse): void => {
  const { httpVersion, socket } = response.req;
  if (httpVersion === '1.0' && !response.writableEnded) resetConnection(socket);
  response.destroy();
};
