import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { frameReader } from './http2Frames.js';

/**
 * What the network between a client and a server does:
 * - `pass`: forwards;
 * - `refuse`: nobody listens, and connections that were open are reset;
 * - `hang`: connections open, and nothing passes on any of them;
 * - `drop-reply`: the next HTTP/2 message of the server is kept back and its connection reset, so that what was asked is
 *   done and the asker never knows; then `pass`;
 * - `swallow-reply`: the same, but the connection stays open and silent;
 * - `reset-mid-reply`: half of the next message passes before the reset; then `pass`.
 */
export type FaultMode = 'pass' | 'refuse' | 'hang' | 'drop-reply' | 'swallow-reply' | 'reset-mid-reply';

export interface FaultProxy {
  readonly port: number;
  /** How many connections were opened through it. */
  readonly connections: number;
  set(mode: FaultMode): Promise<void>;
  /** Resets all open connections, once. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * A TCP proxy on loopback that misbehaves on demand. Of HTTP/2 it knows the bounds of frames; of any other protocol
 * nothing, and takes whatever comes at once for a message.
 */
export const startFaultProxy = async (
  targetPort: number,
  protocol: 'http2' | 'other' = 'http2',
): Promise<FaultProxy> => {
  let mode: FaultMode = 'pass';
  let connections = 0;
  let port = 0;
  let server: Server | undefined;
  const pairs = new Set<readonly [Socket, Socket]>();

  const reset = (sockets: readonly Socket[]) => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const cut = () => {
    for (const pair of pairs) reset(pair);
  };

  const reply = (pair: readonly [Socket, Socket]) => {
    const [client] = pair;
    let silent = false;
    return (frame: Buffer, isMessage: boolean) => {
      if (mode === 'hang' || silent) return;
      if (isMessage && (mode === 'drop-reply' || mode === 'reset-mid-reply' || mode === 'swallow-reply')) {
        const now = mode;
        mode = 'pass';
        if (now === 'swallow-reply') silent = true;
        else if (now === 'drop-reply') reset(pair);
        else client.write(frame.subarray(0, Math.ceil(frame.length / 2)), () => reset(pair));
        silent = true;
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
    client.on('data', (bytes) => {
      if (mode !== 'hang') upstream.write(bytes);
    });
    const give = reply(pair);
    upstream.on('data', protocol === 'http2' ? frameReader(give) : (bytes) => give(bytes, true));
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
  const unlisten = () =>
    new Promise<void>((resolve) => {
      cut();
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
    cut,
    set: async (next) => {
      mode = next;
      if (next === 'refuse') await unlisten();
      else if (server === undefined) await listen();
    },
    close: unlisten,
  };
};
