import { setMaxListeners } from 'node:events';
import { promisify } from 'node:util';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { limitSilence } from '@ums/kit/postgres/limitSilence';
import { urlWithSettings } from '@ums/kit/postgres/urlWithSettings';
import pg from 'pg';
import { freePort } from '../freePort.js';
import { appendHandler } from './append/appendHandler.js';
import { deleteHandler } from './append/deleteHandler.js';
import { startEventLogWriter, type WriterTiming } from './append/eventLogWriter.js';
import { readHandler } from './read/readHandler.js';
import { eventPages } from './storage/eventPages.js';
import { trackedSockets } from './storage/trackedSockets.js';
import { createTail } from './tail.js';
import { serverFeatures, streams, supportedMethods } from './wire/services.js';
import { unavailable } from './wire/statusError.js';

export interface EventStoreOptions {
  /** A Postgres database for the event log only. */
  readonly databaseUrl: string;
  /** Calls are not authenticated, so the server must listen on loopback only. @default 127.0.0.1 */
  readonly host?: string;
  /** 0: the system chooses. @default 0 */
  readonly port?: number;
  /** Called when another server has taken over the log; appends are refused from then on. */
  readonly onFatal?: (error: Error) => void;
  /** Called with the database's error when a write failed. Clients get UNAVAILABLE, which does not say why. */
  readonly onWriteFailed?: (error: unknown) => void;
  /** For tests: timeouts of the database. */
  readonly timing?: Partial<WriterTiming>;
}

export interface EventStore {
  readonly port: number;
  /** Connection string for `EventStoreDBClient.connectionString`. */
  readonly url: string;
  close(): Promise<void>;
}

const SERVER_OPTIONS = {
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.max_concurrent_streams': 1000,
  'grpc.max_receive_message_length': 17 * 1024 * 1024,
  'grpc.max_send_message_length': -1,
  'grpc.enable_channelz': 0,
};
const DEFAULT_READ_TIMEOUT_MS = 10_000;
/** The text to log in `onWriteFailed`. */
export const WRITE_FAILED = 'event log could not be written';
const SHUTDOWN_TIMEOUT_MS = 1000;

/**
 * Starts a server that implements the part of EventStoreDB's gRPC protocol that this service needs: Read, Append,
 * Delete, Tombstone and ServerFeatures.
 * @throws EngineFailed with one sentence when the database is not usable, another server runs on it, or the port is taken.
 */
export const startEventStore = async (options: EventStoreOptions): Promise<EventStore> => {
  const { databaseUrl, host = '127.0.0.1', port = 0, timing = {} } = options;
  const { onFatal = () => undefined, onWriteFailed = () => undefined } = options;
  await freePort(port, host);
  const tail = createTail();
  const writer = await startEventLogWriter({ databaseUrl, tail, onFatal, onWriteFailed, timing });
  const readTimeout = timing.statement ?? DEFAULT_READ_TIMEOUT_MS;
  const sockets = trackedSockets();
  const pool = new pg.Pool({
    stream: sockets.stream,
    connectionString: urlWithSettings(databaseUrl),
    max: 4,
    connectionTimeoutMillis: readTimeout,
    statement_timeout: readTimeout,
    application_name: 'event-log-reader',
  });
  // The pool removes a connection that breaks while idle; the next read opens a new one.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => limitSilence(client, readTimeout));
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);

  const server = new Server(SERVER_OPTIONS);
  server.addService(streams, {
    read: readHandler({ pages: eventPages(pool), tail }, stopping.signal),
    append: appendHandler(writer),
    delete: deleteHandler(writer, 'softly'),
    tombstone: deleteHandler(writer, 'forever'),
  });
  server.addService(serverFeatures, {
    getSupportedMethods: (_call: unknown, callback: (error: null, value: object) => void) =>
      callback(null, supportedMethods()),
  });

  const close = async () => {
    stopping.abort(unavailable('The event log server is stopping.'));
    await writer.close();
    await shutDown(server);
    await sockets.end(() => pool.end(), SHUTDOWN_TIMEOUT_MS);
  };
  try {
    const bindAsync = promisify(server.bindAsync.bind(server));
    const bound = await bindAsync(`${host}:${port}`, ServerCredentials.createInsecure());
    return { port: bound, url: `esdb://${host}:${bound}?tls=false`, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Waits for running calls, then closes all connections: a client that keeps its connection open must not delay the stop. */
const shutDown = async (server: Server): Promise<void> => {
  const force = setTimeout(() => server.forceShutdown(), SHUTDOWN_TIMEOUT_MS);
  await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  clearTimeout(force);
};
