import type { AddressInfo, Server, Socket } from 'node:net';
import { connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { TestCertificates } from './testCertificates.js';

export interface TlsProxy {
  port: number;
  close(): Promise<void>;
}

/**
 * Ends TLS on 127.0.0.1 and passes what is inside to a port in plain text, for engines that have no TLS here.
 * @param protocols that it offers, such as `h2` for gRPC.
 */
export const startTlsProxy = async (
  targetPort: number,
  { certificate, key }: Pick<TestCertificates, 'certificate' | 'key'>,
  protocols?: string[],
): Promise<TlsProxy> => {
  const sockets = new Set<Socket>();
  const accept = (client: TLSSocket): void => {
    const upstream = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  };
  const server: Server = createServer(
    { cert: certificate, key, ...(protocols && { ALPNProtocols: protocols }) },
    accept,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
};
