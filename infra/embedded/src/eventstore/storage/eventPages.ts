import type { Pool } from 'pg';
import type { StoredEvent } from '../recordedEvent.js';
import { unavailable } from '../wire/statusError.js';
import { preparedStatement } from './preparedStatement.js';
import { streamKey } from './schema.js';

/** Events of one page at most. */
export const PAGE_EVENTS = 500;
const PAGE_BYTES = 1_048_576;

export type Direction = 'forwards' | 'backwards';

export interface Page {
  readonly events: readonly StoredEvent[];
  /** Whether no event followed this page when it was read. */
  readonly last: boolean;
}

export interface EventPages {
  /** Events of the log after a position (exclusive), or before it when reading backwards; at most `limit`. */
  all(direction: Direction, from: bigint, limit: number): Promise<Page>;
  /** Events of a stream from a revision (inclusive), at most `limit`. */
  stream(direction: Direction, stream: Buffer, from: bigint, limit: number): Promise<Page>;
  lastRevision(stream: Buffer): Promise<bigint | undefined>;
  eventAt(position: bigint): Promise<StoredEvent | undefined>;
  /** Position of the first event of the append that wrote this one. */
  startOfAppend(event: StoredEvent): Promise<bigint>;
  firstPosition(): Promise<bigint | undefined>;
}

const COLUMNS = 'position, stream, revision, id, type, json, created, metadata, data';
const BYTES = 'octet_length(metadata) + octet_length(data)';

/** Selects one page: at most `limit` events and `PAGE_BYTES` bytes, but at least one event. */
const page = (where: string, order: string, limit: string) => `
  select ${COLUMNS} from (
    select *, sum(${BYTES}) over (order by ${order} rows unbounded preceding) - (${BYTES}) as preceding
    from (select * from log_event where ${where} order by ${order} limit ${limit}) found
  ) sized where preceding < ${PAGE_BYTES} order by ${order}`;

const sql = {
  all: {
    forwards: page('position > $1', 'position', '$2'),
    backwards: page('position < $1', 'position desc', '$2'),
  },
  stream: {
    forwards: page('stream_key = $1 and revision >= $2', 'revision', '$3'),
    backwards: page('stream_key = $1 and revision <= $2', 'revision desc', '$3'),
  },
  lastRevision: 'select revision from log_event where stream_key = $1 order by revision desc limit 1',
  eventAt: `select ${COLUMNS} from log_event where position = $1`,
  startOfAppend: `select position from log_event
    where stream_key = $1 and revision <= $2 and created - revision = $3 order by revision limit 1`,
  firstPosition: 'select position from log_event order by position limit 1',
};

type Row = [string, Buffer, string, string, Buffer, boolean, string, Buffer, Buffer];

const toEvent = ([position, stream, revision, id, type, json, created, metadata, data]: Row): StoredEvent => ({
  position: BigInt(position),
  stream,
  revision: BigInt(revision),
  id,
  type,
  json,
  created: BigInt(created),
  metadata,
  data,
});

/** Reads pages of the log by keyset. Every failure of the database becomes UNAVAILABLE, so that the client retries. */
export const eventPages = (pool: Pool): EventPages => {
  const rows = async (name: string, text: string, values: unknown[]): Promise<unknown[][]> => {
    try {
      return (await pool.query(preparedStatement(name, text, values))).rows;
    } catch {
      throw unavailable("The event log's database does not answer.");
    }
  };
  const events = async (name: string, text: string, values: unknown[]) =>
    (await rows(name, text, values)).map((row) => toEvent(row as Row));
  const firstNumber = async (name: string, text: string, values: unknown[]) => {
    const found = (await rows(name, text, values))[0]?.[0] as string | undefined;
    return found === undefined ? undefined : BigInt(found);
  };
  const toPage = (found: StoredEvent[], limit: number): Page => {
    const size = found.reduce((sum, event) => sum + event.metadata.length + event.data.length, 0);
    return { events: found, last: found.length < limit && size < PAGE_BYTES };
  };

  return {
    all: async (direction, from, limit) => {
      const pageLimit = Math.min(limit, PAGE_EVENTS);
      return toPage(await events(`all ${direction}`, sql.all[direction], [from, pageLimit]), pageLimit);
    },
    stream: async (direction, stream, from, limit) => {
      const pageLimit = Math.min(limit, PAGE_EVENTS);
      return toPage(
        await events(`stream ${direction}`, sql.stream[direction], [streamKey(stream), from, pageLimit]),
        pageLimit,
      );
    },
    lastRevision: (stream) => firstNumber('last revision', sql.lastRevision, [streamKey(stream)]),
    eventAt: async (position) => (await events('event at', sql.eventAt, [position]))[0],
    startOfAppend: async ({ stream, revision, created, position }) =>
      (await firstNumber('append', sql.startOfAppend, [streamKey(stream), revision, created - revision])) ?? position,
    firstPosition: () => firstNumber('first', sql.firstPosition, []),
  };
};
