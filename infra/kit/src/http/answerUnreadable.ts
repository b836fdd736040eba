import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '@ums/contracts/http/problem';
import type { Log } from '../log.js';
import type { Room } from './answersUnderWay.js';
import { BASE_PROBLEMS } from './problems.js';

/** By the parser's error code; anything else is no request. */
const SLUGS: Readonly<Record<string, keyof typeof BASE_PROBLEMS>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** Those of `securityHeaders`, which needs a request; a test holds the two together. */
const HEADERS = [
  'Connection: close',
  'Content-Type: application/problem+json; charset=utf-8',
  'Cache-Control: no-store',
  "Content-Security-Policy: default-src 'none';frame-ancestors 'none'",
  'Referrer-Policy: no-referrer',
  'Strict-Transport-Security: max-age=63072000; includeSubDomains',
  'X-Content-Type-Options: nosniff',
  'X-Frame-Options: DENY',
];

export interface UnreadableOptions {
  publicUrl: string;
  log: Log;
  roomOn(socket: Duplex): Room;
}

/** A client that does not close its end has this long to read the answer. */
const LINGER_MS = 1_000;

/** Answers bytes that never became a request, in the form every answer has (H-01, H-04), and hangs up. */
export const answerUnreadable =
  ({ publicUrl, log, roomOn }: UnreadableOptions) =>
  (error: NodeJS.ErrnoException, socket: Duplex): void => {
    const room = roomOn(socket);
    if (error.code === 'ECONNRESET' || !socket.writable || !room.free) return void socket.destroy();
    const { response } = room;
    const slug = SLUGS[error.code ?? ''] ?? 'request-unreadable';
    const [status, title] = BASE_PROBLEMS[slug];
    const requestId = response?.getHeader('X-Request-Id')?.toString() ?? randomUUID();
    if (response === undefined) log.info('request unreadable', { requestId, reason: error.code ?? error.name, status });
    const problem: Problem = { type: `${publicUrl}/problems/${slug}`, title, status, requestId };
    const body = JSON.stringify(problem);
    const headers = [...HEADERS, `X-Request-Id: ${requestId}`, `Content-Length: ${Buffer.byteLength(body)}`];
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
