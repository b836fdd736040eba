import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { clientFrameReader, frameReader, RESET_TYPE } from './http2Frames.js';

/**
 * What the proxy does with the traffic between client and server:
 * - `pass`: forwards everything;
 * - `refuse`: resets open connections and refuses new ones;
 * - `hang`: accepts connections and forwards nothing;
 * - `drop-reply`: withholds the next message of the server and resets its connection, so that the server has done the
 *   work but the client gets no answer; then `pass`;
 * - `swallow-reply`: withholds the next message and everything after it on that connection, which stays open; then `pass`;
 * - `reset-mid-reply`: forwards half of the next message, then resets the connection; then `pass`.
 */
export type FaultMode = 'pass' | 'refuse' | 'hang' | 'drop-reply' | 'swallow-reply' | 'reset-mid-reply';

export interface FaultProxy {
  readonly port: number;
  /** The number of connections accepted so far. */
  readonly connections: number;
  /** The number of HTTP/2 resets (RST_STREAM) that clients have sent so far. */
  readonly resets: number;
  set(mode: FaultMode): Promise<void>;
  /** Connects new connections to another server on loopback. */
  sendTo(port: number): void;
  /** Resets the connections that are open now. */
  resetConnections(): void;
  close(): Promise<void>;
}

/**
 * A TCP proxy on loopback that injects network faults. It splits the replies of an HTTP/2 server into frames; with any
 * other protocol, each chunk of bytes received counts as one message.
 */
export const startFaultProxy = async (
  firstPort: number,
  protocol: 'http2' | 'other' = 'http2',
): Promise<FaultProxy> => {
  let targetPort = firstPort;
  let mode: FaultMode = 'pass';
  let connections = 0;
  let resets = 0;
  let port = 0;
  let server: Server | undefined;
  const pairs = new Set<readonly [Socket, Socket]>();

  const reset = (sockets: readonly Socket[]) => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const resetConnections = () => {
    for (const pair of pairs) reset(pair);
  };

  const replyForwarder = (pair: readonly [Socket, Socket]) => {
    const [client] = pair;
    let silent = false;
    return (frame: Buffer, isMessage: boolean) => {
      if (mode === 'hang' || silent) return;
      if (isMessage && (mode === 'drop-reply' || mode === 'reset-mid-reply' || mode === 'swallow-reply')) {
        const fault = mode;
        mode = 'pass';
        silent = true;
        if (fault === 'drop-reply') reset(pair);
        if (fault === 'reset-mid-reply')
          client.write(frame.subarray(0, Math.ceil(frame.length / 2)), () => reset(pair));
        return;
      }
      client.write(frame);
    };
  };

  const accept = (client: Socket) => {
    connections++;
    const upstream = connect(targetPort, '127.0.0.1');
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
    const countResets = clientFrameReader((frame) => {
      if (frame[3] === RESET_TYPE) resets++;
    });
    client.on('data', (bytes) => {
      if (protocol === 'http2') countResets(bytes);
      if (mode !== 'hang') upstream.write(bytes);
    });
    const forward = replyForwarder(pair);
    upstream.on('data', protocol === 'http2' ? frameReader(forward) : (bytes) => forward(bytes, true));
  };

  const listen = () =>
    new Promise<void>((resolve, reject) => {
      const listener = createServer(accept);
      server = listener;
      listener.once('error', reject);
      listener.listen(port, '127.0.0.1', () => {
        port = (listener.address() as AddressInfo).port;
        resolve();
      });
    });
  const stopListening = () =>
    new Promise<void>((resolve) => {
      resetConnections();
      if (server === undefined) return resolve();
      server.close(() => resolve());
      server = undefined;
    });

  await listen();
  return {
    get port() {
      return port;
    },
    get connections() {
      return connections;
    },
    get resets() {
      return resets;
    },
    resetConnections,
    sendTo: (other) => {
      targetPort = other;
    },
    set: async (next) => {
      mode = next;
      if (next === 'refuse') await stopListening();
      else if (server === undefined) await listen();
    },
    close: stopListening,
  };
};
