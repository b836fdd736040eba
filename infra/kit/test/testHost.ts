import { connect } from 'node:net';
import { CONSISTENCY_HEADER } from '@ums/contracts/consistencyToken';
import { RECEIPT_HEADER } from '@ums/contracts/http/erasure';
import { API_PREFIX, ROUTES } from '@ums/contracts/routes';
import { Router } from 'express';
import { DependencyUnavailable } from '../src/dependencyUnavailable.js';
import { createHost, type HostOptions } from '../src/http/host.js';
import { listen } from '../src/http/listen.js';
import { contextOf } from '../src/http/request/requestContext.js';
import { createLog } from '../src/log.js';
import { Refused } from '../src/refused.js';

const PUBLIC_URL = 'https://id.example.org';

export interface TestHost {
  readonly port: number;
  /** The lines of the log, as JSON text. */
  readonly lines: string[];
  /** Sends a request and does not follow redirects. */
  call(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: string | Buffer, type?: string): Promise<Response>;
  /** Sends bytes over a new connection and resolves with all bytes received when the server closes it. */
  raw(bytes: string): Promise<string>;
  close(): Promise<void>;
}

/** Routes that echo the body or the request context, are refused, or fail on a dependency. */
export const testRoutes = (): Router => {
  const routes = Router();
  routes.post('/auth/login', (request, response) => void response.json({ body: request.body ?? null }));
  routes.post('/auth/confirm', (request, response) => void response.json({ body: request.body ?? null }));
  routes.get('/user', (request, response) => void response.json(contextOf(request)));
  routes.put('/user', () => {
    throw new Refused('stale-revision');
  });
  routes.get('/users', () => {
    throw new DependencyUnavailable('vault');
  });
  return routes;
};

/** Serves {@link testRoutes} and `routes` with the real route table on a free port. */
export const startTestHost = async (options: Partial<HostOptions> = {}, ...routes: Router[]): Promise<TestHost> => {
  const lines: string[] = [];
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const { publicUrl = PUBLIC_URL } = options;
  const app = createHost({
    api: {
      service: 'user-management',
      prefix: API_PREFIX,
      routes: ROUTES,
      headers: [CONSISTENCY_HEADER],
      answerHeaders: [RECEIPT_HEADER],
      queryParameters: { 'get /users': { limit: 'integer', after: 'string' }, 'post /auth/login': {} },
      problemPages: { 'stale-revision': { status: 412, description: 'The user <has> changed.' } },
    },
    routers: [testRoutes(), ...routes],
    publicUrl,
    problems: { 'stale-revision': [412, 'It was changed meanwhile'] },
    log,
    trustedProxies: [],
    corsOrigins: ['https://app.example.org'],
    readiness: async () => ({ ready: true, checks: { log: 'up' } }),
    eventLoopDelayMs: () => 0,
    jwks: () => ({ keys: [] }),
    notaryKeys: async () => '',
    ...options,
  });
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0, publicUrl, log });

  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init });

  const post = (path: string, body: string | Buffer, type = 'application/json'): Promise<Response> =>
    call(path, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers: { 'content-type': type } });

  const raw = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let received = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
    });

  return { port, lines, call, post, raw, close };
};
