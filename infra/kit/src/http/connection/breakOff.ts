import type { ServerResponse } from 'node:http';

/**
 * Closes the connection of an answer that is not complete, so that its reader learns of it. In HTTP/1.1 the last chunk is missing then.
 * In HTTP/1.0, which proxies such as nginx speak to a service unless they are told otherwise, an orderly end of the connection is the
 * end of an answer without a length (RFC 9112 §8): only a reset tells that there is more.
 */
export const breakOff = (response: ServerResponse): void => {
  const { socket } = response.req;
  const isOpenEnded = response.headersSent && !response.chunkedEncoding && !response.hasHeader('Content-Length');
  // The system refuses a reset while an orderly end is on its way, and Node would never close the connection.
  const isEnding = socket.writableEnded && socket.writableLength === 0;
  if (isOpenEnded && !response.writableFinished && !isEnding) socket.resetAndDestroy();
  response.destroy();
};
