import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A reverse proxy that serves a host below a path, and removes that path from what it forwards. */
export const startPrefixProxy = async (path: string, port: number) => {
  // The headers that are passed on tell the client that an idle connection is kept for 75 s.
  const server = createServer({ keepAliveTimeout: 80_000 }, (incoming, outgoing) => {
    const { method, url = '/', headers } = incoming;
    if (!url.startsWith(`${path}/`)) return void outgoing.writeHead(502).end();
    const onward = request({ port, method, headers, path: url.slice(path.length) }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
