import { Client } from '@opensearch-project/opensearch';

export interface OpenSearchAccess {
  url: string;
  username?: string | undefined;
  password?: string | undefined;
  /** @default 5 s */
  requestTimeoutMs?: number;
}

const REQUEST_TIMEOUT_MS = 5_000;

/** A client whose calls are sent once: one that is repeated unseen could index a line again. */
export const openSearchClient = ({
  url,
  username,
  password = '',
  requestTimeoutMs = REQUEST_TIMEOUT_MS,
}: OpenSearchAccess): Client =>
  new Client({
    node: url,
    ...(username === undefined ? {} : { auth: { username, password } }),
    requestTimeout: requestTimeoutMs,
    maxRetries: 0,
  });

const IDENTIFIER = /^[A-Za-z][\w-]{0,79}$/;

/** Status of the answer, if there was one. */
export const statusOf = (error: unknown): number | undefined => {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
};

/** Names an error of the client without its text, which may quote the content of a line. */
export const reasonOf = (error: unknown): string => {
  const status = statusOf(error);
  if (status !== undefined) return `status ${status}`;
  return error instanceof Error ? identifier(error.name) : 'unknown';
};

/** A type of error that OpenSearch named. */
export const identifier = (type: unknown): string =>
  typeof type === 'string' && IDENTIFIER.test(type) ? type : 'unknown';
