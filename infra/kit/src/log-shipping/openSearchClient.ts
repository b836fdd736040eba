import { Client } from '@opensearch-project/opensearch';

export interface OpenSearchAccess {
  url: string;
  /** Certificates of those who may sign that of OpenSearch, PEM. @default those of Node */
  ca?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  /** @default 5 s */
  requestTimeoutMs?: number;
}

const REQUEST_TIMEOUT_MS = 5_000;

/** A client whose calls are sent once: one that is repeated unseen could index a line again. */
export const openSearchClient = ({
  url,
  ca,
  username,
  password = '',
  requestTimeoutMs = REQUEST_TIMEOUT_MS,
}: OpenSearchAccess): Client =>
  new Client({
    node: url,
    ...(username === undefined ? {} : { auth: { username, password } }),
    ...(ca === undefined ? {} : { ssl: { ca } }),
    requestTimeout: requestTimeoutMs,
    maxRetries: 0,
  });
