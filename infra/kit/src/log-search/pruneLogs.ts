import type { Client } from '@opensearch-project/opensearch';
import { StartRefused } from '../startRefused.js';

export interface Pruned {
  /** Number of deleted backing indices. */
  indices: number;
  /** Number of lines in them. */
  lines: number;
  /** Number of backing indices that are left. */
  left: number;
}

/** A backing index that has an older line takes no more lines, so that indices stay small enough to be deleted as a whole. */
const ROLLOVER_AGE_MS = 86_400_000;

/**
 * Deletes the backing indices of a data stream that have only lines from before a time. The index that takes new lines is
 * replaced first if its first line is older than a day, because it cannot be deleted itself. Lines so stay up to a day longer
 * than their age allows, plus the time between two calls.
 *
 * @throws StartRefused for an ordinary index: it cannot be deleted in parts.
 */
export const pruneLogs = async (client: Client, name: string, before: number): Promise<Pruned> => {
  const current = (await backingIndices(client, name)).at(-1);
  const oldest = current === undefined ? undefined : (await contents(client, name)).get(current)?.oldest;
  const replaceBefore = Math.max(before, Date.now() - ROLLOVER_AGE_MS);
  if (oldest !== undefined && oldest < replaceBefore) await client.indices.rollover({ alias: name });

  const closed = (await backingIndices(client, name)).slice(0, -1);
  const inside = await contents(client, name);
  const pruned: Pruned = { indices: 0, lines: 0, left: closed.length + 1 };
  for (const index of closed) {
    const { newest, lines } = inside.get(index) ?? { newest: Number.NEGATIVE_INFINITY, lines: 0 };
    if (newest >= before) continue;
    await client.indices.delete({ index });
    pruned.indices += 1;
    pruned.lines += lines;
    pruned.left -= 1;
  }
  return pruned;
};

/** Oldest first; the last one takes new lines. OpenSearch makes an ordinary index of a stream that was deleted with its template. */
const backingIndices = async (client: Client, name: string): Promise<string[]> => {
  const { body } = await client.indices.getDataStream({ name });
  const [stream] = body.data_streams ?? [];
  if (stream === undefined)
    throw new StartRefused(
      `${name} is an ordinary index and not a data stream, so no lines of it can be deleted by age: stop the services, reindex or delete it, and start them again.`,
    );
  return (stream.indices ?? []).map(({ index_name }) => index_name as string);
};

interface Content {
  oldest: number;
  newest: number;
  lines: number;
}

interface Bucket {
  key: string;
  doc_count: number;
  oldest: { value: number };
  newest: { value: number };
}

const MAX_INDICES = 10_000;

/** What the indices contain; an empty one is not in the result. */
const contents = async (client: Client, name: string): Promise<Map<string, Content>> => {
  await client.indices.refresh({ index: name });
  const times = { oldest: { min: { field: 'time' } }, newest: { max: { field: 'time' } } };
  const aggs = { indices: { terms: { field: '_index', size: MAX_INDICES }, aggs: times } };
  const { body } = await client.search({ index: name, body: { size: 0, aggs } as object });
  const { indices } = body.aggregations as unknown as { indices: { buckets: Bucket[] } };
  return new Map(
    indices.buckets.map(({ key, doc_count, oldest, newest }) => [
      key,
      { oldest: oldest.value, newest: newest.value, lines: doc_count },
    ]),
  );
};
