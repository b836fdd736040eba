import type { Client } from '@opensearch-project/opensearch';
import type { NumberedLine } from './lineRing.js';
import { identifier, statusOf } from './openSearchErrors.js';

/** What became of the lines of a batch. */
export interface BatchResult {
  indexed: number;
  /** Lines that OpenSearch will never accept. */
  refused: number;
  /** Why: the type of the last error that OpenSearch named. */
  reason?: string;
  /** Lines that OpenSearch could not accept at this time. */
  again: NumberedLine[];
}

/** Indexes a batch. Repeating it indexes no line twice. @throws when the outcome of some line is unknown */
export type IndexBatch = (lines: readonly NumberedLine[]) => Promise<BatchResult>;

/** The server answered something that is not the answer to a bulk request, as another server at this address might. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

interface Item {
  create?: { status?: number; error?: { type?: string } };
}

const CONFLICT = 409;
/** An index with a write block, or a role without the right to write; it is not about the line. */
const FORBIDDEN = 403;
const INDEX_CLOSED = 'index_closed_exception';
const TOO_LARGE = 413;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

export interface BulkOptions {
  client: Client;
  /** Data stream. */
  index: string;
  /** Unique in all processes and for all time: with the number of a line, it is the id of the line. */
  source: string;
}

/**
 * Sends each batch in one bulk request that only creates. Every line has an explicit id, so that repeating a request whose
 * answer was lost conflicts (409) instead of adding lines. Only a rollover between the two lets a line be indexed twice,
 * because the new backing index does not have the ids of the old one.
 */
export const bulkIndexer = ({ client, index, source }: BulkOptions): IndexBatch => {
  const send = async (lines: readonly NumberedLine[]): Promise<Item[]> => {
    const text = lines
      .map((line) => `{"create":{"_id":"${source}-${line.number}"}}\n${line.text.trimEnd()}\n`)
      .join('');
    // The client sends a string as it is, although its types do not say so.
    const body = text as unknown as object[];
    const answer = await client.bulk({ index, body, filter_path: ['items.create.status', 'items.create.error.type'] });
    const items: unknown = answer.body?.items;
    if (!Array.isArray(items) || items.length !== lines.length) throw new UnexpectedAnswer();
    return items;
  };

  const indexBatch: IndexBatch = async (lines) => {
    try {
      return resultOf(lines, await send(lines));
    } catch (error) {
      if (statusOf(error) !== TOO_LARGE) throw error;
      // Often the limit of a proxy.
      if (lines.length === 1) return { indexed: 0, refused: 1, reason: 'too_large', again: [] };
      const middle = lines.length >> 1;
      const first = await indexBatch(lines.slice(0, middle));
      return sumOf(first, await indexBatch(lines.slice(middle)));
    }
  };
  return indexBatch;
};

/** Whether OpenSearch may accept the line later. */
const isPassing = (status: number, type: string | undefined): boolean =>
  status === FORBIDDEN || status === TOO_MANY_REQUESTS || status >= SERVER_ERROR || type === INDEX_CLOSED;

const resultOf = (lines: readonly NumberedLine[], items: readonly Item[]): BatchResult => {
  const result: BatchResult = { indexed: 0, refused: 0, again: [] };
  for (const [index, line] of lines.entries()) {
    const { status = 0, error } = items[index]?.create ?? {};
    if ((status >= 200 && status < 300) || status === CONFLICT) result.indexed += 1;
    else if (isPassing(status, error?.type)) result.again.push(line);
    else {
      result.refused += 1;
      result.reason = identifier(error?.type);
    }
  }
  return result;
};

const sumOf = (first: BatchResult, second: BatchResult): BatchResult => ({
  ...first,
  ...second,
  indexed: first.indexed + second.indexed,
  refused: first.refused + second.refused,
  again: [...first.again, ...second.again],
});
