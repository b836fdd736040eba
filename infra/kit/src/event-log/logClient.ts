import { type Credentials, EventStoreDBClient } from '@eventstore/db-client';
import { StartRefused } from '../startRefused.js';
import { withTimeout } from '../withTimeout.js';
import { credentialsIn, logUrlFault } from './logUrlFault.js';

/** A client with its `close`. */
export interface LogClient {
  readonly client: EventStoreDBClient;
  /** Cancels the client's streams and closes its connection. Never rejects. */
  close(): Promise<void>;
}

export interface LogAddress {
  /**
   * Passed with every append: without credentials per call the client uses batch append, which ignores deadlines and can
   * crash the process with a late reply. For a server without authentication these are placeholders and are not sent.
   */
  readonly credentials: Credentials;
  open(): LogClient;
}

/** After this, closing a connection is left to the operating system. */
const CLOSE_MS = 1_000;

/**
 * @param url `esdb://[user:password@]host:port[,…][?tls=false]`.
 * @throws StartRefused when the URL cannot be used, asks for TLS without credentials, or has the default password.
 */
export const logAddress = (url: string): LogAddress => {
  const fault = logUrlFault(url);
  if (fault !== undefined) throw new StartRefused(`EVENTSTORE_URL ${fault}.`);
  const [username, password] = credentialsIn(url) ?? ['-', '-'];
  return {
    credentials: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
    open: () => {
      const client = EventStoreDBClient.connectionString(withOwnConnection(url));
      return { client, close: () => closeClient(client) };
    },
  };
};

let opened = 0;

/**
 * Gives each client its own connection. grpc-js shares one connection between channels with equal options, so a new client
 * would get the dead connection of the old one; a keep-alive time-out that differs by a few ms makes the options differ.
 */
const withOwnConnection = (url: string): string => {
  opened = (opened + 1) % 5_000;
  const given = /[?&]keepAliveTimeout=(\d+)/i.exec(url);
  const timeout = `keepAliveTimeout=${Number(given?.[1] ?? 10_000) + opened}`;
  if (given !== null) return url.replace(/keepAliveTimeout=\d+/i, timeout);
  return `${url}${url.includes('?') ? '&' : '?'}${timeout}`;
};

/** `dispose` ends the streams but leaves the connection open. The method that returns the channel is protected. */
const closeClient = async (client: EventStoreDBClient): Promise<void> => {
  const { getChannel } = client as unknown as { getChannel(): Promise<{ close(): void }> };
  const closed = client
    .dispose()
    .then(getChannel)
    .then((channel) => channel.close());
  await withTimeout(CLOSE_MS, closed).catch(() => undefined);
};
