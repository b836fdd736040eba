import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '@ums/contracts/http/problem';
import type { Log } from '../log.js';
import type { WriteAccess } from './openResponses.js';
import { BASE_PROBLEMS } from './problems.js';
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

/** Time for the client to read the response and close its side; then the connection is destroyed (H-03). */
const LINGER_MS = 1_000;

/**
 * A listener of the server's `clientError` event. Answers input that is not a valid request with the usual headers and
 * problem+json (H-01, H-04) and closes the connection.
 */
export const answerClientError =
  ({ publicUrl, log, writeAccess }: ClientErrorOptions) =>
  (error: NodeJS.ErrnoException, socket: Duplex): void => {
    const access = writeAccess(socket);
    if (error.code === 'ECONNRESET' || !socket.writable || !access.allowed) return void socket.destroy();
    const { response } = access;
    const slug = SLUGS[error.code ?? ''] ?? 'request-unreadable';
    const [status, title] = BASE_PROBLEMS[slug];
    const requestId = response?.getHeader('X-Request-Id')?.toString() ?? randomUUID();
    // The access log already has a line for a request with a response.
    if (response === undefined) log.info('request unreadable', { requestId, reason: error.code ?? error.name, status });
    const problem: Problem = { type: `${publicUrl}/problems/${slug}`, title, status, requestId };
    const body = JSON.stringify(problem);
    const headers = [...HEADERS, `X-Request-Id: ${requestId}`, `Content-Length: ${Buffer.byteLength(body)}`];
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
