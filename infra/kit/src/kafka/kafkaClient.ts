import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import kafkajs, { type Mechanism, type SASLOptions } from 'kafkajs';
import type { Log } from '../log.js';
import { isLoopback } from '../transport/isLoopback.js';
import { kafkaLog } from './kafkaLog.js';
import { mskToken } from './mskToken.js';
import { oauthBearer } from './oauthBearer.js';

const { Kafka, logLevel } = kafkajs;

/** Where the brokers are and how to connect to them. */
export interface BrokerAccess {
  /** `host:port` of the brokers to ask first; they name all others. */
  brokers: readonly string[];
  /** Certificates of those who may sign those of the brokers, PEM; without, those that Node trusts. @default plain text */
  tls?: { ca?: string | undefined } | false;
  /** Connects in plain text to no broker elsewhere, whatever the first ones name. @default false */
  requireTls?: boolean;
  sasl?: BrokerCredentials | undefined;
}

export type BrokerCredentials =
  | { mechanism: 'scram-sha-256' | 'scram-sha-512'; username: string; password: string }
  | { mechanism: 'aws-iam'; region: string };

/** How to reach the brokers. */
export interface KafkaSettings extends BrokerAccess {
  /** Name of this client in the broker's logs and quotas. */
  clientId: string;
  log: Log;
}

export interface ClientLimits {
  /** @default 2 s */
  connectTimeoutMs?: number;
  /** A request without an answer fails after this time. @default 3 s */
  requestTimeoutMs?: number;
}

/** A client of kafkajs that can be thrown away. */
export interface KafkaClient {
  kafka: InstanceType<typeof Kafka>;
  /**
   * Cuts all connections at once and opens no more. kafkajs reconnects by itself when a call is still running, and would send
   * what the caller has given up.
   */
  destroy(): void;
}

const KEEP_ALIVE_MS = 60_000;

/** Pauses between attempts to connect, in ms. */
const CONNECT_RETRY = { initialRetryTime: 20, factor: 0, multiplier: 2, maxRetryTime: 500 };

/**
 * A client that tries each broker of the list to connect, and repeats nothing else by itself: producers and admins pass
 * `retries: 0`, so that the caller decides what a failure means and starts anew with another client. Its lines go to our log.
 */
export const kafkaClient = (
  { brokers, tls = false, requireTls = false, sasl, clientId, log }: KafkaSettings,
  { connectTimeoutMs = 2_000, requestTimeoutMs = 3_000 }: ClientLimits = {},
): KafkaClient => {
  const sockets = new Set<Socket>();
  const state = { destroyed: false };
  const kafka = new Kafka({
    brokers: inRandomOrder(brokers),
    clientId,
    ssl: tls && { ...(tls.ca !== undefined && { ca: tls.ca }) },
    ...(sasl && { sasl: saslOptions(sasl) }),
    connectionTimeout: connectTimeoutMs,
    authenticationTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { ...CONNECT_RETRY, retries: brokers.length - 1 },
    logLevel: logLevel.WARN,
    logCreator: kafkaLog(log, () => state.destroyed),
    socketFactory: ({ host, port, ssl, onConnect }) => {
      if (!ssl && requireTls && !isLoopback(host)) throw new Error('plain text is refused');
      const socket = ssl
        ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...ssl }, onConnect)
        : connect({ host, port }, onConnect);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      if (state.destroyed) destroySocket(socket);
      return socket;
    },
  });
  const destroy = (): void => {
    state.destroyed = true;
    for (const socket of sockets) destroySocket(socket);
  };
  return { kafka, destroy };
};

/** A new object for each client: kafkajs keeps the state of the mechanism in it. */
const saslOptions = (sasl: BrokerCredentials): SASLOptions | Mechanism => {
  if (sasl.mechanism === 'aws-iam') return oauthBearer(() => mskToken(sasl.region));
  const options: SASLOptions = { ...sasl };
  return options;
};

/** kafkajs begins with the first one, and stays with it when it is connected but does not answer. */
const inRandomOrder = (brokers: readonly string[]): string[] => {
  const start = Math.floor(Math.random() * brokers.length);
  return [...brokers.slice(start), ...brokers.slice(0, start)];
};

/** kafkajs rejects what is pending on a connection when it gets an error, but not when the connection just closes. */
const destroySocket = (socket: Socket): void => {
  socket.destroy(new Error('the client was destroyed'));
};
