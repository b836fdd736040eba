import type { Pool } from 'pg';
import type { StoredEvent } from '../recordedEvent.js';
import { metadataStreamOf } from '../streamNames.js';
import { unavailable } from '../wire/statusError.js';
import { PAGE_BYTES, pageStatements as sql } from './pageStatements.js';
import { preparedStatement } from './preparedStatement.js';
import { streamKey } from './schema.js';

/** Events of one page at most. */
export const PAGE_EVENTS = 500;

export type Direction = 'forwards' | 'backwards';

export interface Page {
  readonly events: readonly StoredEvent[];
  /** Whether no event followed this page when it was read. */
  readonly last: boolean;
}

export interface StreamHead {
  /** Revision of the last event, undefined without events; `LARGEST_POSITION` when the stream is tombstoned. */
  readonly lastRevision: bigint | undefined;
  /** Data of the stream's last metadata event; undefined when there is none, or when it is not JSON. */
  readonly metadata: Buffer | undefined;
}

export interface StreamPage extends Page {
  readonly head: StreamHead;
}

export interface EventPages {
  /** Events of the log after a position (exclusive), or before it when reading backwards; at most `limit`. */
  all(direction: Direction, from: bigint, limit: number): Promise<Page>;
  /** Events of a stream from a revision (inclusive), at most `limit`, also those that the stream's metadata hides. */
  stream(direction: Direction, stream: Buffer, from: bigint, limit: number): Promise<StreamPage>;
  streamHead(stream: Buffer): Promise<StreamHead>;
  /**
   * The first revision in a range (inclusive) whose event is not older than `created`, in ticks; the one after the range
   * when all are older. The events' times must not fall with their revisions.
   */
  firstSince(stream: Buffer, range: { readonly from: bigint; readonly to: bigint }, created: bigint): Promise<bigint>;
  eventAt(position: bigint): Promise<StoredEvent | undefined>;
  /** Position of the first event of the append that wrote this one. */
  startOfAppend(event: StoredEvent): Promise<bigint>;
  firstPosition(): Promise<bigint | undefined>;
}

type Row = [string, Buffer, string, string, Buffer, boolean, string, Buffer, Buffer];
type HeadRow = [string | null, Buffer | null];

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

const toHead = ([lastRevision, metadata]: HeadRow): StreamHead => ({
  lastRevision: lastRevision === null ? undefined : BigInt(lastRevision),
  metadata: metadata ?? undefined,
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
  const firstNumber = async (name: string, text: string, values: unknown[]) => {
    const found = (await rows(name, text, values))[0]?.[0] as string | undefined;
    return found === undefined ? undefined : BigInt(found);
  };
  const toPage = (found: readonly unknown[][], limit: number): Page => {
    const events = found.map((row) => toEvent(row as Row));
    const size = events.reduce((sum, event) => sum + event.metadata.length + event.data.length, 0);
    return { events, last: events.length < limit && size < PAGE_BYTES };
  };
  const streamHead = async (stream: Buffer): Promise<StreamHead> => {
    const keys = [streamKey(stream), streamKey(metadataStreamOf(stream))];
    return toHead((await rows('stream head', sql.streamHead, keys))[0] as HeadRow);
  };

  return {
    all: async (direction, from, limit) => {
      const pageLimit = Math.min(limit, PAGE_EVENTS);
      return toPage(await rows(`all ${direction}`, sql.all[direction], [from, pageLimit]), pageLimit);
    },
    stream: async (direction, stream, from, limit) => {
      const pageLimit = Math.min(limit, PAGE_EVENTS);
      const values = [streamKey(stream), from, pageLimit, streamKey(metadataStreamOf(stream))];
      const found = await rows(`stream ${direction}`, sql.stream[direction], values);
      const [first] = found;
      const head = first ? toHead(first.slice(-2) as HeadRow) : await streamHead(stream);
      return { ...toPage(found, pageLimit), head };
    },
    streamHead,
    firstSince: async (stream, { from, to }, created) =>
      (await firstNumber('first since', sql.firstSince, [streamKey(stream), from, to, created])) ?? to + 1n,
    eventAt: async (position) => {
      const [found] = await rows('event at', sql.eventAt, [position]);
      return found && toEvent(found as Row);
    },
    startOfAppend: async ({ stream, revision, created, position }) =>
      (await firstNumber('append', sql.startOfAppend, [streamKey(stream), revision, created - revision])) ?? position,
    firstPosition: () => firstNumber('first', sql.firstPosition, []),
  };
};
