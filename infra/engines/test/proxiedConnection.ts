import { connect, type Socket } from 'node:net';
import { delayedWriter } from './delayedWriter.js';
import { correlationIdOfRequest, correlationIdOfResponse, isProduce, kafkaFrames } from './kafkaFrames.js';
import type { ProduceFault } from './kafkaProxy.js';

export interface ProxiedConnection {
  /** Resolves when both sides are closed. */
  closed: Promise<void>;
  /** Resets the client's side, and the broker's side unless a request is held. */
  reset(): void;
  /** Ends both sides, dropping what is held. */
  destroy(): void;
  /** Sends what is held to the broker; resolves with the broker's answer to the held Produce request. */
  release(): Promise<void>;
}

/** What all connections of a proxy share. A fault is removed when a request has met it. */
interface Shared {
  delayMs: number;
  fault: ProduceFault | undefined;
}

/** Forwards the frames between a client and the broker on `port`. */
export const proxiedConnection = (client: Socket, port: number, shared: Shared): ProxiedConnection => {
  const broker = connect(port, '127.0.0.1');
  const answered = new Map<number, () => void>();
  const swallowed = new Map<number, ProduceFault>();
  let held: Buffer[] | undefined;

  const writerTo = (socket: Socket) =>
    delayedWriter(
      (frame) => void (socket.destroyed || socket.write(frame)),
      () => shared.delayMs,
    );
  const toBroker = writerTo(broker);
  const toClient = writerTo(client);
  const connection: ProxiedConnection = {
    closed: Promise.all([closed(client), closed(broker)]).then(() => undefined),
    reset: () => {
      client.resetAndDestroy();
      if (held === undefined) broker.resetAndDestroy();
    },
    destroy: () => {
      client.destroy();
      broker.destroy();
    },
    release: async () => {
      const [first, ...others] = held ?? [];
      if (first === undefined) throw new Error('this connection holds no request');
      held = undefined;
      const answer = new Promise<void>((resolve) => answered.set(correlationIdOfRequest(first), resolve));
      for (const frame of [first, ...others]) toBroker(frame);
      await Promise.race([answer, closed(broker)]);
      if (client.destroyed) broker.destroy();
    },
  };

  for (const socket of [client, broker]) {
    socket.setNoDelay(true);
    // A reset connection; `close` follows.
    socket.on('error', () => undefined);
  }
  client.on('close', () => held === undefined && broker.destroy());
  broker.on('close', () => client.destroy());
  client.on(
    'data',
    kafkaFrames((frame) => {
      const { fault } = shared;
      if (held === undefined && fault !== undefined && isProduce(frame)) {
        shared.fault = undefined;
        if (fault.kind === 'hold') {
          held = [];
          fault.met(connection);
        } else swallowed.set(correlationIdOfRequest(frame), fault);
      }
      if (held === undefined) toBroker(frame);
      else held.push(frame);
    }),
  );
  broker.on(
    'data',
    kafkaFrames((frame) => {
      const id = correlationIdOfResponse(frame);
      answered.get(id)?.();
      const fault = swallowed.get(id);
      if (fault === undefined) return toClient(frame);
      swallowed.delete(id);
      if (fault.kind === 'swallow-and-cut') connection.reset();
      fault.met(connection);
    }),
  );
  return connection;
};

const closed = (socket: Socket): Promise<void> =>
  socket.closed ? Promise.resolve() : new Promise((resolve) => void socket.once('close', () => resolve()));
