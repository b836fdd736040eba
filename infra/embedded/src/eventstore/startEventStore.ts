import { setMaxListeners } from 'node:events';
import { promisify } from 'node:util';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import pg from 'pg';
import { freePort } from '../freePort.js';
import { appendHandler } from './append/appendHandler.js';
import { startEventLogWriter, type WriterTiming } from './append/eventLogWriter.js';
import { readHandler } from './read/readHandler.js';
import { eventPages } from './storage/eventPages.js';
import { trackedSockets } from './storage/trackedSockets.js';
import { createTail } from './tail.js';
import { serverFeatures, streams } from './wire/services.js';
import { unavailable } from './wire/statusError.js';
import { supportedMethods } from './wire/supportedMethods.js';

export interface EventStoreOptions {
  /** A Postgres database for the log alone. */
  readonly databaseUrl: string;
  /** 127.0.0.1 when absent. Credentials of calls are not checked, so the server belongs on loopback only. */
  readonly host?: string;
  /** 0 or absent: the system chooses. */
  readonly port?: number;
  /** Told when the log was lost to another server; appends are refused from then on. */
  readonly onFatal?: (error: Error) => void;
  /** For tests: how long the database is waited for. */
  readonly timing?: Partial<WriterTiming>;
}

export interface EventStore {
  readonly port: number;
  /** For `EventStoreDBClient.connectionString`. */
  readonly url: string;
  close(): Promise<void>;
}

const serverOptions = {
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.max_concurrent_streams': 1000,
  'grpc.max_receive_message_length': 17 * 1024 * 1024,
  'grpc.max_send_message_length': -1,
  'grpc.enable_channelz': 0,
};
const usualReadTimeout = 10_000;
const shutdownPatience = 1000;

/**
 * Starts a server that speaks EventStoreDB's protocol as far as this service needs it: Read, Append and ServerFeatures.
 * @throws EngineFailed with one sentence when another server runs on the database or the port is taken.
 */
export async function startEventStore(options: EventStoreOptions): Promise<EventStore> {
  const { databaseUrl, host = '127.0.0.1', port = 0, onFatal = () => undefined, timing = {} } = options;
  await freePort(port, host);
  const tail = createTail();
  const writer = await startEventLogWriter({ databaseUrl, tail, onFatal, timing });
  const readTimeout = timing.statement ?? usualReadTimeout;
  const sockets = trackedSockets();
  const pool = new pg.Pool({
    stream: sockets.stream,
    connectionString: databaseUrl,
    max: 4,
    connectionTimeoutMillis: readTimeout,
    query_timeout: readTimeout,
    application_name: 'event-log-reader',
  });
  // A connection that breaks while idle leaves the pool by itself; the next read opens another.
  pool.on('error', () => undefined);
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);

  const server = new Server(serverOptions);
  server.addService(streams, {
    read: readHandler({ pages: eventPages(pool), tail }, stopping.signal),
    append: appendHandler(writer),
  });
  server.addService(serverFeatures, {
    getSupportedMethods: (_call: unknown, answer: (error: null, value: object) => void) =>
      answer(null, supportedMethods()),
  });

  const close = async () => {
    stopping.abort(unavailable('The event log server is stopping.'));
    await writer.close();
    await shutDown(server);
    await sockets.end(() => pool.end(), shutdownPatience);
  };
  try {
    const bindAsync = promisify(server.bindAsync.bind(server));
    const bound = await bindAsync(`${host}:${port}`, ServerCredentials.createInsecure());
    return { port: bound, url: `esdb://${host}:${bound}?tls=false`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Lets calls end, then cuts what is left: a client that keeps its connection open must not hold up the stop. */
async function shutDown(server: Server): Promise<void> {
  const cut = setTimeout(() => server.forceShutdown(), shutdownPatience);
  await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  clearTimeout(cut);
}
