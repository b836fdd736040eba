import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Problem } from '@ums/contracts/http/problem';

type Answer = readonly [status: number, phrase: string, slug: string, title: string];

/** By the parser's error code. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'headers-too-large', 'The headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'request-timeout', 'The request took too long to arrive'],
};
const OTHERWISE: Answer = [400, 'Bad Request', 'request-unreadable', 'This is no request of HTTP/1.1'];

const HEADERS = [
  'Connection: close',
  'Content-Type: application/problem+json; charset=utf-8',
  'Cache-Control: no-store',
  "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy: no-referrer',
  'Strict-Transport-Security: max-age=63072000; includeSubDomains',
  'X-Content-Type-Options: nosniff',
];

/** Answers bytes that never became a request, in the form every answer has (H-01, H-04), and hangs up. */
export const answerUnreadable =
  (publicUrl: string) =>
  (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const [status, phrase, slug, title] = ANSWERS[error.code ?? ''] ?? OTHERWISE;
    const requestId = randomUUID();
    const problem: Problem = { type: `${publicUrl}/problems/${slug}`, title, status, requestId };
    const body = JSON.stringify(problem);
    const headers = [...HEADERS, `X-Request-Id: ${requestId}`, `Content-Length: ${Buffer.byteLength(body)}`];
    socket.end(`HTTP/1.1 ${status} ${phrase}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
  };
