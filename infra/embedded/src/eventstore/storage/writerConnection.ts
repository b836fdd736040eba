import { codeOf } from '@ums/kit/postgres/errors';
import { urlWithSettings } from '@ums/kit/postgres/urlWithSettings';
import pg from 'pg';
import { EngineFailed } from '../../engineFailed.js';
import type { StoredEvent } from '../recordedEvent.js';
import { byteaArray, preparedStatement } from './preparedStatement.js';
import { CREATE_SCHEMA } from './schema.js';
import { trackedSockets } from './trackedSockets.js';

/** Another server holds the lock of the event log. */
export class EventLogInUse extends EngineFailed {
  constructor() {
    super('Another event log server is running on this database; stop it first.');
  }
}

export interface FoundEvent {
  readonly streamKey: Buffer;
  readonly id: string;
  readonly revision: bigint;
  readonly position: bigint;
}

export interface WantedHead {
  readonly streamKey: Buffer;
  /** Whether the data of the last event is wanted, too: not that of ordinary streams, which may be large. */
  readonly isMetadata: boolean;
}

export interface StreamHeadRow {
  readonly streamKey: Buffer;
  readonly revision: bigint;
  readonly position: bigint;
  /** Data of the last event of a metadata stream; undefined for other streams, and when it is not JSON. */
  readonly metadata: Buffer | undefined;
}

export interface NewEvent extends StoredEvent {
  readonly streamKey: Buffer;
}

/** The only connection that writes. It holds the log's lock as a session lock, so a server that loses the lock cannot write. */
export interface WriterConnection {
  /** Position of the last event when the lock was taken; 0 in an empty log. */
  readonly head: bigint;
  /** The last event of each stream that has one. */
  streamHeads(wanted: readonly WantedHead[]): Promise<StreamHeadRow[]>;
  /** Events of these streams with these ids (pairs by index), those of one pair oldest first. */
  findEvents(streamKeys: readonly Buffer[], ids: readonly string[]): Promise<FoundEvent[]>;
  /** Writes events in one transaction. After a failure, the outcome is unknown until the lock has been taken again. */
  insert(events: readonly NewEvent[]): Promise<void>;
  close(): Promise<void>;
}

const LOCK_SPACE = 0x6c6f67;
const LOCK_NOT_AVAILABLE = '55P03';

const sql = {
  head: 'select position from log_event order by position desc limit 1',
  streamHeads: `select key, last.revision, last.position, last.metadata
    from unnest($1::bytea[], $2::boolean[]) as wanted (key, is_metadata), lateral (
      select revision, position, case when is_metadata and json then data end as metadata
      from log_event where stream_key = key order by revision desc limit 1
    ) last`,
  findEvents: `select key, wanted.id, event.revision, event.position
    from unnest($1::bytea[], $2::uuid[]) as wanted (key, id), lateral (
      select revision, position from log_event where stream_key = key and log_event.id = wanted.id order by position
    ) event`,
  insert: `insert into log_event (position, stream_key, revision, id, stream, type, json, created, metadata, data)
    select * from unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::uuid[], $5::bytea[], $6::bytea[], $7::boolean[],
      $8::bigint[], $9::bytea[], $10::bytea[])`,
};

/**
 * Connects, takes the log's lock and creates the schema. Postgres releases the lock of a dead server only after the
 * commits of its session have ended, so once the lock is taken, the outcome of every earlier write is final.
 * @param timing milliseconds: timeout of one statement, and how long to wait for the lock.
 * @param onLost called when the connection has ended, for whatever reason.
 * @throws EventLogInUse when another server holds the lock; EngineFailed when the database is not usable.
 */
export const openWriterConnection = async (
  databaseUrl: string,
  timing: { readonly statement: number; readonly lock: number },
  onLost: (connection: WriterConnection) => void,
): Promise<WriterConnection> => {
  const sockets = trackedSockets();
  const client = new pg.Client({
    stream: sockets.stream,
    connectionString: urlWithSettings(databaseUrl),
    connectionTimeoutMillis: timing.statement,
    query_timeout: timing.statement,
    application_name: 'event-log-writer',
  });
  // Without a listener an error would end the process. `end` follows every error and is handled below.
  client.on('error', () => undefined);
  const close = () => sockets.end(() => client.end(), timing.statement);
  const rows = async (name: string, text: string, values: unknown[]) =>
    (await client.query(preparedStatement(name, text, values))).rows;
  let head: bigint;
  try {
    await client.connect();
    await client.query(`set lock_timeout = ${timing.lock}; set synchronous_commit = on`);
    await client.query('select pg_advisory_lock($1, 0)', [LOCK_SPACE]);
    await client.query(CREATE_SCHEMA);
    head = BigInt(((await rows('head', sql.head, []))[0]?.[0] as string | undefined) ?? 0);
  } catch (error) {
    await close();
    if (codeOf(error) === LOCK_NOT_AVAILABLE) throw new EventLogInUse();
    throw new EngineFailed(`The event log's database cannot be used (${codeOf(error) ?? 'no answer'}).`, {
      cause: error,
    });
  }
  const connection: WriterConnection = {
    head,
    streamHeads: async (wanted) => {
      const keys = byteaArray(wanted.map(({ streamKey }) => streamKey));
      const areMetadata = wanted.map(({ isMetadata }) => isMetadata);
      return (await rows('stream heads', sql.streamHeads, [keys, areMetadata])).map(
        ([key, revision, position, metadata]) => ({
          streamKey: key as Buffer,
          revision: BigInt(revision as string),
          position: BigInt(position as string),
          metadata: (metadata as Buffer | null) ?? undefined,
        }),
      );
    },
    findEvents: async (keys, ids) =>
      (await rows('find events', sql.findEvents, [byteaArray(keys), ids])).map(([key, id, revision, position]) => ({
        streamKey: key as Buffer,
        id: id as string,
        revision: BigInt(revision as string),
        position: BigInt(position as string),
      })),
    insert: async (events) => {
      await rows('insert', sql.insert, [
        events.map(({ position }) => position),
        byteaArray(events.map((event) => event.streamKey)),
        events.map(({ revision }) => revision),
        events.map(({ id }) => id),
        byteaArray(events.map(({ stream }) => stream)),
        byteaArray(events.map(({ type }) => type)),
        events.map(({ json }) => json),
        events.map(({ created }) => created),
        byteaArray(events.map(({ metadata }) => metadata)),
        byteaArray(events.map(({ data }) => data)),
      ]);
    },
    close,
  };
  client.once('end', () => onLost(connection));
  return connection;
};
