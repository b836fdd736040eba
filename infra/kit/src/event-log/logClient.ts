import { type Credentials, EventStoreDBClient } from '@eventstore/db-client';
import { StartRefused } from '../startRefused.js';
import { within } from './outcome.js';

/** A client and how to end it. */
export interface LogClient {
  readonly client: EventStoreDBClient;
  /** Cancels its streams and closes its connection; never rejects. */
  close(): Promise<void>;
}

export interface LogAddress {
  /**
   * Passed with every append: without credentials of its own a call takes the batch path, which ignores deadlines and can
   * crash the process with a late reply. Where the server asks for none, these say nothing and are not sent.
   */
  readonly credentials: Credentials;
  open(): LogClient;
}

/** A connection that cannot be closed by then is left to the system. */
const CLOSE_MS = 1_000;

/** Of the accounts `admin` and `ops` of a new server: everybody knows it (ASVS 6.3.2). */
const DEFAULT_PASSWORD = 'changeit';

const CREDENTIALS = /^[a-z+]+:\/\/([^:@/]+):([^@/]*)@/;

/**
 * @param url `esdb://[user:password@]host:port[,…][?tls=false]`.
 * @throws StartRefused when the URL cannot be used, asks for TLS without credentials, or has the password everybody knows.
 */
export const logAddress = (url: string): LogAddress => {
  const given = CREDENTIALS.exec(url);
  const insecure = /[?&]tls=false(&|$)/.test(url);
  if (given === null && !insecure)
    throw new StartRefused('EVENTSTORE_URL needs a user and a password unless it says tls=false.');
  if (given?.[2] === DEFAULT_PASSWORD)
    throw new StartRefused('EVENTSTORE_URL has the password that EventStoreDB comes with; change it there first.');
  try {
    EventStoreDBClient.connectionString(url);
  } catch {
    // The client's own sentence quotes the URL, password and all.
    throw new StartRefused('EVENTSTORE_URL is not a connection string for EventStoreDB.');
  }
  const [, username = '-', password = '-'] = given ?? [];
  return {
    credentials: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
    open: () => {
      const client = EventStoreDBClient.connectionString(ownConnection(url));
      return { client, close: () => closeClient(client) };
    },
  };
};

let opened = 0;

/**
 * grpc-js lets channels of equal options share one connection, so that a client made anew would get the dead connection of
 * the old one. A keep-alive time-out a few ms longer than anybody else's is an option of its own.
 */
const ownConnection = (url: string): string => {
  opened = (opened + 1) % 5_000;
  const given = /[?&]keepAliveTimeout=(\d+)/i.exec(url);
  const timeout = `keepAliveTimeout=${Number(given?.[1] ?? 10_000) + opened}`;
  if (given !== null) return url.replace(/keepAliveTimeout=\d+/i, timeout);
  return `${url}${url.includes('?') ? '&' : '?'}${timeout}`;
};

/** `dispose` ends the streams and leaves the connection; what holds it is protected, so it is asked for by name. */
const closeClient = async (client: EventStoreDBClient): Promise<void> => {
  const { getChannel } = client as unknown as { getChannel(): Promise<{ close(): void }> };
  const closed = client
    .dispose()
    .then(getChannel)
    .then((channel) => channel.close());
  await within(CLOSE_MS, closed).catch(() => undefined);
};
