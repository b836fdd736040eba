import type { IncomingMessage } from 'node:http';

/** Whether a request announces a body (RFC 9112 §6.3). One in chunks may turn out to be empty. */
export const hasBody = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
