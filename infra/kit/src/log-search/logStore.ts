import type { Client } from '@opensearch-project/opensearch';
import { DATA_STREAM } from '../log-shipping/dataStream.js';
import { type OpenSearchAccess, openSearchClient } from '../log-shipping/openSearchClient.js';
import { reasonOf, statusOf } from '../log-shipping/openSearchErrors.js';
import { StartRefused } from '../startRefused.js';
import { type Pruned, pruneLogs } from './pruneLogs.js';
import { type FoundLines, type LineFilter, searchLogs } from './searchLogs.js';

/** The log lines in OpenSearch. Failures are StartRefused, with a sentence for the operator. */
export interface LogStore {
  search(filter: LineFilter): Promise<FoundLines>;
  /** Deletes the backing indices whose last line is older than that time, in ms since 1970. */
  prune(before: number): Promise<Pruned>;
  close(): Promise<void>;
}

export interface LogStoreOptions extends OpenSearchAccess {
  /** @default logs-ums */
  dataStream?: string;
}

/** A search in many lines takes longer than indexing a few. */
const REQUEST_TIMEOUT_MS = 30_000;

export const openLogStore = ({ dataStream = DATA_STREAM, ...access }: LogStoreOptions): LogStore => {
  const client: Client = openSearchClient({ requestTimeoutMs: REQUEST_TIMEOUT_MS, ...access });
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof StartRefused) throw error;
      throw new StartRefused(explanationOf(error, access.url, dataStream), { cause: error });
    }
  };
  return {
    search: (filter) => explained(searchLogs(client, dataStream, filter)),
    prune: (before) => explained(pruneLogs(client, dataStream, before)),
    close: () => client.close(),
  };
};

const explanationOf = (error: unknown, url: string, dataStream: string): string => {
  const status = statusOf(error);
  if (status === 404) return `OpenSearch at ${url} has no logs: no service has shipped a line to ${dataStream} yet.`;
  if (status === 401 || status === 403)
    return `OpenSearch at ${url} refuses access (${status}); check OPENSEARCH_USERNAME and OPENSEARCH_PASSWORD.`;
  if (status !== undefined) return `OpenSearch at ${url} answered with status ${status}.`;
  return `OpenSearch at ${url} cannot be reached (${reasonOf(error)}).`;
};
