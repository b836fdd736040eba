import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_PREFIX, ROUTES, type RouteOwner } from '@ums/contracts/routes';

/** A reverse proxy that sends each request to the service that owns its route. */
export const routingProxy = async (targets: Readonly<Record<RouteOwner, string>>) => {
  const routes = ROUTES.map(({ method, path, owner }) => ({
    ...{ method: method.toUpperCase(), owner },
    matches: new RegExp(`^${API_PREFIX}${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
  const ownerOf = (method: string, path: string): RouteOwner => {
    const candidates = routes.filter(({ matches }) => matches.test(path));
    return (candidates.find((route) => route.method === method) ?? candidates[0])?.owner ?? 'query-api';
  };
  // The headers that are passed on tell the client that an idle connection is kept for 75 s.
  const server = createServer({ keepAliveTimeout: 80_000 }, (incoming, outgoing) => {
    const { method = 'GET', url = '/', headers, socket } = incoming;
    const target = targets[ownerOf(method, new URL(url, 'http://proxy').pathname)];
    const forwarded = { ...headers, 'x-forwarded-for': socket.remoteAddress };
    const onward = request(target + url, { method, headers: forwarded }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
