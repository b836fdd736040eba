import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type ProxiedConnection, proxiedConnection } from './proxiedConnection.js';

/** A fault that applies to the next Produce request of any connection. */
export interface ProduceFault {
  kind: 'hold' | 'swallow-and-cut' | 'swallow';
  /** Called with the connection when the request has arrived (`hold`) or its answer has been withheld (`swallow`). */
  met: (connection: ProxiedConnection) => void;
}

/** A Produce request that the proxy holds back. */
export interface HeldProduce {
  /** Resolves when a Produce request has arrived and is held. */
  arrived: Promise<void>;
  /**
   * Sends the request, and those behind it on its connection, to the broker, even if the client is gone. Resolves when the
   * broker has answered it.
   */
  release(): Promise<void>;
}

export interface KafkaProxy {
  /** The port on which clients connect. The broker's listener must advertise it. */
  readonly port: number;
  /** The number of connections accepted so far. */
  readonly connections: number;
  /** The broker's listener to which new connections are forwarded. */
  forwardTo(port: number): void;
  /** Delays everything in both directions, keeping the order; 0 ends that. */
  delay(ms: number): void;
  /** Resets the open connections; new ones are accepted. */
  cut(): void;
  /** Resets the open connections and refuses new ones until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  /**
   * Passes the next Produce request on and withholds its answer. Resolves when the broker has answered.
   * @param after `cut` resets the connection then; `keep` leaves it open, so that the client runs into its time-out.
   */
  swallowProduceAnswer(after?: 'cut' | 'keep'): Promise<void>;
  /** Holds the next Produce request back, and everything that follows on its connection. */
  holdProduce(): HeldProduce;
  close(): Promise<void>;
}

/** A TCP proxy on 127.0.0.1 between Kafka clients and a broker that injects faults of the network. */
export const startKafkaProxy = async (): Promise<KafkaProxy> => {
  const open = new Set<ProxiedConnection>();
  const shared = { delayMs: 0, fault: undefined as ProduceFault | undefined };
  let target = 0;
  let port = 0;
  let connections = 0;
  let server: Server | undefined;

  const connect = (client: Socket): void => {
    connections++;
    const connection = proxiedConnection(client, target, shared);
    open.add(connection);
    void connection.closed.then(() => open.delete(connection));
  };
  const accept = async (): Promise<void> => {
    if (server !== undefined) return;
    server = createServer(connect).listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const cut = (): void => {
    for (const connection of open) connection.reset();
  };
  const refuse = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    const closed = once(closing, 'close');
    closing.close();
    cut();
    await closed;
  };

  await accept();
  return {
    get port() {
      return port;
    },
    get connections() {
      return connections;
    },
    forwardTo: (next) => {
      target = next;
    },
    delay: (ms) => {
      shared.delayMs = ms;
    },
    cut,
    refuse,
    accept,
    swallowProduceAnswer: (after = 'cut') =>
      new Promise((resolve) => {
        shared.fault = { kind: after === 'cut' ? 'swallow-and-cut' : 'swallow', met: () => resolve() };
      }),
    holdProduce: () => {
      const holding = new Promise<ProxiedConnection>((met) => {
        shared.fault = { kind: 'hold', met };
      });
      return {
        arrived: holding.then(() => undefined),
        release: async () => (await holding).release(),
      };
    },
    close: async () => {
      await refuse();
      for (const connection of open) connection.destroy();
    },
  };
};
