import type { Client } from '@opensearch-project/opensearch';

export interface LineFilter {
  correlationId?: string;
  userId?: string;
  route?: string;
  /** Lines at or after this time, in ms since 1970. */
  since?: number;
  /** The newest so many lines, at most 10,000. */
  limit: number;
}

export interface FoundLine {
  /** Unique; ends with the number of the line in its process. */
  id: string;
  /** In ms since 1970. */
  time: number;
  line: Readonly<Record<string, unknown>>;
}

export interface FoundLines {
  /** In the order of their times; lines of one process and millisecond in the order in which they were logged. */
  lines: FoundLine[];
  /** Number of lines that match, including those beyond the limit. */
  total: number;
}

interface Hit {
  _id: string;
  _source: Record<string, unknown>;
}

export const searchLogs = async (client: Client, index: string, filter: LineFilter): Promise<FoundLines> => {
  const { correlationId, userId, route, since, limit } = filter;
  const terms = Object.entries({ correlationId, userId, route }).filter(([, value]) => value !== undefined);
  const filters: object[] = terms.map(([name, value]) => ({ term: { [name]: value } }));
  if (since !== undefined) filters.push({ range: { time: { gte: since, format: 'epoch_millis' } } });
  const query = { bool: { filter: filters } };
  // The second one decides which lines of one millisecond are beyond the limit.
  const sort = [{ time: { order: 'desc' } }, { _seq_no: { order: 'desc' } }];
  const answer = await client.search({ index, body: { query, sort, size: limit, track_total_hits: true } as object });
  const { hits } = answer.body as unknown as { hits: { hits: Hit[]; total: { value: number } } };
  return { lines: hits.hits.map(foundLine).sort(inOrder), total: hits.total.value };
};

const foundLine = ({ _id, _source }: Hit): FoundLine => ({
  id: _id,
  time: Date.parse(String(_source.time)),
  line: _source,
});

const numberOf = ({ id }: FoundLine): number => Number(id.slice(id.lastIndexOf('-') + 1));

const inOrder = (a: FoundLine, b: FoundLine): number => a.time - b.time || numberOf(a) - numberOf(b);
