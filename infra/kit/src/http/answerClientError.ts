import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '@ums/contracts/http/problem';
import type { Log } from '../log.js';
import { lingeringClose } from './connection/lingeringClose.js';
import type { WriteAccess } from './connection/openResponses.js';
import { BASE_PROBLEMS } from './problem/problems.js';
import { RAW_SECURITY_HEADERS } from './securityHeaders.js';

/** By the error code of Node's parser; any other code is `request-unreadable`. */
const SLUGS: Readonly<Record<string, keyof typeof BASE_PROBLEMS>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

const HEADERS = [
  'Connection: close',
  'Content-Type: application/problem+json; charset=utf-8',
  'Cache-Control: no-store',
  ...RAW_SECURITY_HEADERS,
];

export interface ClientErrorOptions {
  /** Base of problem types. */
  publicUrl: string;
  log: Log;
  writeAccess(socket: Duplex): WriteAccess;
}

/**
 * Closes the connection after a response. What follows the request on it cannot be read, but the request itself was, and may
 * have had an effect: its client gets the answer (RFC 9112 §9.6). Bytes that follow are often the rest of a body whose
 * Content-Length counts characters.
 */
const closeAfter = (response: ServerResponse, socket: Duplex): void => {
  response.shouldKeepAlive = false;
  response.once('close', () => lingeringClose(socket));
};

/**
 * A listener of the server's `clientError` event. Answers input that is not a valid request with the usual headers and
 * problem+json (H-01, H-04) and closes the connection. Responses to earlier requests on it are sent first.
 */
export const answerClientError = ({ publicUrl, log, writeAccess }: ClientErrorOptions) => {
  /** Each further chunk of the input is another error. */
  const closing = new WeakSet<Duplex>();
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (closing.has(socket) && error.code !== 'ECONNRESET') return;
    const access = writeAccess(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    if (!access.allowed) {
      if (access.last === undefined) return void socket.destroy();
      closing.add(socket);
      closeAfter(access.last, socket);
      return;
    }
    const { response } = access;
    const slug = SLUGS[error.code ?? ''] ?? 'request-unreadable';
    const [status, title] = BASE_PROBLEMS[slug];
    const requestId = response?.getHeader('X-Request-Id')?.toString() ?? randomUUID();
    // The access log already has a line for a request with a response.
    if (response === undefined) log.info('request unreadable', { requestId, reason: error.code ?? error.name, status });
    const problem: Problem = { type: `${publicUrl}/problems/${slug}`, title, status, requestId };
    const body = JSON.stringify(problem);
    const headers = [...HEADERS, `X-Request-Id: ${requestId}`, `Content-Length: ${Buffer.byteLength(body)}`];
    lingeringClose(socket, `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
  };
};
