import pg from 'pg';
import { codeOf, EngineFailed } from '../../engineFailed.js';
import type { RecordedEvent } from '../recordedEvent.js';
import { byteaArray } from './byteaArray.js';
import { preparedStatement } from './preparedStatement.js';
import { createSchema } from './schema.js';
import { trackedSockets } from './trackedSockets.js';

/** Another server writes to this database. */
export class EventLogInUse extends EngineFailed {
  constructor() {
    super('Another event log server is running on this database; stop it first.');
  }
}

export interface KnownEvent {
  readonly streamKey: Buffer;
  readonly id: string;
  readonly revision: bigint;
  readonly position: bigint;
}

export interface StreamHead {
  readonly streamKey: Buffer;
  readonly revision: bigint;
  readonly position: bigint;
}

export interface NewEvent extends RecordedEvent {
  readonly streamKey: Buffer;
}

/** The one connection that writes. It holds the log's lock: whoever can write is alone, whoever loses it cannot write. */
export interface WriterConnection {
  /** Position of the last event when the lock was taken, 0 in an empty log. */
  readonly head: bigint;
  streamHeads(streamKeys: readonly Buffer[]): Promise<StreamHead[]>;
  /** Events of these streams with these ids (pairs by index), those of one pair oldest first. */
  known(streamKeys: readonly Buffer[], ids: readonly string[]): Promise<KnownEvent[]>;
  /** One transaction. A failure leaves the outcome unknown until the lock was taken again and the log was read. */
  insert(events: readonly NewEvent[]): Promise<void>;
  close(): Promise<void>;
}

const lockSpace = 0x6c6f67;
const lockNotAvailable = '55P03';

const sql = {
  head: 'select position from log_event order by position desc limit 1',
  streamHeads: `select key, last.revision, last.position from unnest($1::bytea[]) key, lateral (
    select revision, position from log_event where stream_key = key order by revision desc limit 1) last`,
  known: `select key, asked.id, event.revision, event.position
    from unnest($1::bytea[], $2::uuid[]) as asked (key, id), lateral (
      select revision, position from log_event where stream_key = key and log_event.id = asked.id order by position
    ) event`,
  insert: `insert into log_event (position, stream_key, revision, id, stream, type, json, created, metadata, data)
    select * from unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::uuid[], $5::bytea[], $6::bytea[], $7::boolean[],
      $8::bigint[], $9::bytea[], $10::bytea[])`,
};

/**
 * Connects, takes the log's lock and makes the schema. The lock of a server that died falls with its connection, after
 * what that had begun to commit: so with the lock in hand, the outcome of every earlier write is settled.
 * @throws EventLogInUse when another server keeps the lock; EngineFailed when the database cannot be used.
 */
export async function openWriterConnection(
  databaseUrl: string,
  timing: { readonly statement: number; readonly lock: number },
  onLost: (connection: WriterConnection) => void,
): Promise<WriterConnection> {
  const sockets = trackedSockets();
  const client = new pg.Client({
    stream: sockets.stream,
    connectionString: databaseUrl,
    connectionTimeoutMillis: timing.statement,
    query_timeout: timing.statement,
    application_name: 'event-log-writer',
  });
  // Without a listener the error would end the process; what follows it is the end of the connection, told below.
  client.on('error', () => undefined);
  const close = () => sockets.end(() => client.end(), timing.statement);
  const rows = async (name: string, text: string, values: unknown[]) =>
    (await client.query(preparedStatement(name, text, values))).rows;
  let head: bigint;
  try {
    await client.connect();
    await client.query(`set lock_timeout = ${timing.lock}; set synchronous_commit = on`);
    await client.query('select pg_advisory_lock($1, 0)', [lockSpace]);
    await client.query(createSchema);
    head = BigInt(((await rows('head', sql.head, []))[0]?.[0] as string | undefined) ?? 0);
  } catch (error) {
    await close();
    if (codeOf(error) === lockNotAvailable) throw new EventLogInUse();
    throw new EngineFailed(`The log's database cannot be used (${codeOf(error) ?? 'no answer'}).`, { cause: error });
  }
  const connection: WriterConnection = {
    head,
    streamHeads: async (keys) =>
      (await rows('stream heads', sql.streamHeads, [byteaArray(keys)])).map(([key, revision, position]) => ({
        streamKey: key as Buffer,
        revision: BigInt(revision as string),
        position: BigInt(position as string),
      })),
    known: async (keys, ids) =>
      (await rows('known', sql.known, [byteaArray(keys), ids])).map(([key, id, revision, position]) => ({
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
}
