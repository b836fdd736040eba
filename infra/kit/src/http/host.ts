import express, { type Express, Router } from 'express';
import type { Log } from '../log.js';
import type { Readiness } from '../readiness.js';
import { pathOf } from '../webAddress.js';
import { accessLog } from './accessLog.js';
import { bodyParser } from './body/bodyParser.js';
import { shedLoad } from './connection/shedLoad.js';
import { watchAnswers } from './connection/whenAnswered.js';
import { cors } from './cors.js';
import { apiDocs } from './docs/apiDocs.js';
import { type MessageDocs, messageDocs } from './docs/messageDocs.js';
import { isStopping } from './listen.js';
import { probes } from './probes.js';
import { type BrowserPages, browserPageFinder } from './problem/browserPages.js';
import { PROBLEM_PATH, problemPages } from './problem/problemPages.js';
import { BASE_PROBLEMS, type Problems, problemHandler } from './problem/problems.js';
import { refuseForeignPages } from './refuseForeignPages.js';
import { checkRequest } from './request/checkRequest.js';
import { checkUrl } from './request/checkUrl.js';
import { lowerCaseIds } from './request/lowerCaseIds.js';
import { proxyWarning } from './request/proxyWarning.js';
import { checkQueryParameters } from './request/queryParameters.js';
import { requestContext } from './request/requestContext.js';
import {
  allowedMethods,
  fileOperations,
  formPaths,
  type HostedApi,
  notFound,
  noticePaths,
} from './request/routeTable.js';
import { trustedProxies } from './request/trustedProxies.js';
import { noStore, securityHeaders } from './securityHeaders.js';

export interface HostOptions {
  api: HostedApi;
  /**
   * Routers of the services, mounted below the prefix of the API; see `RunningService`. A request tries them in this order
   * and each route of them in turn, so the one with the most requests comes first.
   */
  routers: readonly Router[];
  /** Base of problem types and links, never derived from a request (E-07). A proxy in front removes its path, if any. */
  publicUrl: string;
  /** Problems of the services; they override those of the host. */
  problems?: Problems;
  /** Pages that browsers get instead of problem+json. */
  browserPages?: BrowserPages;
  log: Log;
  /** Addresses and CIDR ranges of proxies whose `X-Forwarded-For` is trusted. */
  trustedProxies: readonly string[];
  corsOrigins: readonly string[];
  readiness: () => Promise<Readiness>;
  /** How late the event loop is, in ms, see `shedLoad`. @default measured. A test, which blocks the loop itself, gives 0. */
  eventLoopDelayMs?: () => number;
  /** Path of the built OpenAPI document. Without it, the API documentation is not served. */
  openApi?: string;
  /** The documentation of messages. Without it, none is served. */
  asyncApi?: MessageDocs;
  /** The JSON Web Key Set served at `/.well-known/jwks.json`. */
  jwks?: () => object;
  /** The public keys of checkpoints, served at `/.well-known/notary-keys`: C2SP verifier keys, one a line. */
  notaryKeys?: () => Promise<string>;
}

const FIXED_PATHS = [
  '/',
  '/health/live',
  '/health/ready',
  '/openapi.json',
  '/apidocs/',
  '/asyncapi.json',
  '/asyncapi/',
  '/.well-known/jwks.json',
  '/.well-known/notary-keys',
  PROBLEM_PATH,
];
const KEYS_CACHE = 'public, max-age=300';

/**
 * The express app of an API process: request context, headers, CORS, body parsing, documentation, health checks, 404, 405
 * and problems around the routers of the services.
 * @throws StartRefused when the documents have not been built
 */
export const createHost = (options: HostOptions): Express => {
  const { api, routers, publicUrl, log, readiness, openApi, asyncApi, jwks, notaryKeys } = options;
  const basePath = pathOf(publicUrl);
  const app = express();
  watchAnswers(app);
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  const trustsProxy = trustedProxies(options.trustedProxies);
  app.set('trust proxy', trustsProxy);

  const { headers: corsHeaders, preflight } = cors(options.corsOrigins, api);
  app.use(
    requestContext,
    securityHeaders,
    corsHeaders,
    accessLog(log, api.prefix),
    proxyWarning(trustsProxy, log, api.prefix),
  );
  app.use(api.prefix, noStore);
  app.use(checkRequest(api.headers), preflight, checkUrl, allowedMethods(api, FIXED_PATHS));
  app.use(lowerCaseIds, checkQueryParameters(api));
  const documents = Router();
  documents.use(probes(readiness, () => isStopping(app)));
  documents.get('/', (_request, response) => {
    response.json({
      service: api.service,
      docs: `${basePath}/apidocs/`,
      openapi: `${basePath}/openapi.json`,
      ...(asyncApi && { messages: `${basePath}/asyncapi/`, asyncapi: `${basePath}/asyncapi.json` }),
      jwks: `${basePath}/.well-known/jwks.json`,
      notaryKeys: `${basePath}/.well-known/notary-keys`,
      health: `${basePath}/health/ready`,
    });
  });
  documents.get('/problems/:slug', problemPages(api.problemPages, publicUrl));
  if (openApi !== undefined) documents.use(apiDocs(openApi, basePath));
  if (asyncApi !== undefined) documents.use(messageDocs(asyncApi, basePath));
  if (jwks !== undefined) {
    documents.get('/.well-known/jwks.json', (_request, response) => {
      response.set('Cache-Control', KEYS_CACHE).json(jwks());
    });
  }
  if (notaryKeys !== undefined) {
    documents.get('/.well-known/notary-keys', async (_request, response) => {
      const keys = await notaryKeys();
      response.set('Cache-Control', KEYS_CACHE).type('text/plain').send(keys);
    });
  }
  // Requests of the API skip the routes of the documents: each would compare its path.
  const isApi = (path: string): boolean => path.startsWith(`${api.prefix}/`);
  app.use((request, response, next) => (isApi(request.path) ? next() : documents(request, response, next)));
  app.use(shedLoad(options.eventLoopDelayMs), refuseForeignPages(options.corsOrigins));
  app.use(bodyParser(formPaths(api), fileOperations(api), noticePaths(api)));
  for (const router of routers) app.use(api.prefix, router);
  app.use(notFound);
  const pageFor = browserPageFinder(api.prefix, options.browserPages ?? {});
  app.use(problemHandler({ problems: { ...BASE_PROBLEMS, ...options.problems }, publicUrl, log, pageFor }));
  return app;
};
