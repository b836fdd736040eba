import { connect, createServer, type Socket } from 'node:net';

export type Fault = 'none' | 'hang' | 'drop replies';

/**
 * A TCP proxy before a server. `hang`: nothing passes in either direction until the fault ends. `drop replies`: what the
 * client sends still arrives; the connection is cut instead of passing the server's next answer.
 */
export async function faultProxy(targetPort: number) {
  let fault: Fault = 'none';
  const links = new Set<{ client: Socket; server: Socket }>();

  const proxy = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    const link = { client, server };
    links.add(link);
    const cut = () => {
      links.delete(link);
      client.destroy();
      server.destroy();
    };
    server.on('data', (chunk) => {
      if (fault === 'drop replies') cut();
      else client.write(chunk);
    });
    client.on('data', (chunk) => server.write(chunk));
    for (const socket of [client, server]) {
      socket.on('error', cut);
      socket.on('close', cut);
      if (fault === 'hang') socket.pause();
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  return {
    port: address.port,
    set: (next: Fault): void => {
      fault = next;
      for (const { client, server } of links)
        for (const socket of [client, server]) next === 'hang' ? socket.pause() : socket.resume();
    },
    /** Breaks every connection. */
    cut: (): void => {
      for (const { client, server } of links) {
        client.destroy();
        server.destroy();
      }
    },
    close: async (): Promise<void> => {
      for (const { client, server } of links) {
        client.destroy();
        server.destroy();
      }
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
