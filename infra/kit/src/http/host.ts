import express, { type Express, type Router } from 'express';
import type { Log } from '../log.js';
import type { Readiness } from '../readiness.js';
import { accessLog } from './accessLog.js';
import { apiDocs } from './apiDocs.js';
import { bodyParser } from './bodyParser.js';
import { cors } from './cors.js';
import type { HostedApi } from './hostedApi.js';
import { isStopping } from './listen.js';
import { probes } from './probes.js';
import { BASE_PROBLEMS, type Problems, problemHandler } from './problems.js';
import { requestContext } from './requestContext.js';
import { requestForm } from './requestForm.js';
import { allowedMethods, formPaths, notFound } from './routeTable.js';
import { noStore, securityHeaders } from './securityHeaders.js';
import { shedLoad } from './shedLoad.js';
import { trustedProxies } from './trustedProxies.js';

export interface HostOptions {
  api: HostedApi;
  /** Routers of the services, without body parser, 404 or error handler; mounted below the API's prefix. */
  routers: readonly Router[];
  /** Base of problem types and links; never taken from a request (E-07). */
  publicUrl: string;
  /** The services' own problems, over those of the host. */
  problems?: Problems;
  log: Log;
  /** Addresses and CIDR ranges of the proxies before us. */
  trustedProxies: readonly string[];
  corsOrigins: readonly string[];
  readiness: () => Promise<Readiness>;
  /** Path of the built OpenAPI document; without it there are no docs. */
  openApi?: string;
  /** Keys at `/.well-known/jwks.json`. */
  jwks?: () => object;
}

const FIXED_PATHS = ['/', '/health/live', '/health/ready', '/openapi.json', '/apidocs/', '/.well-known/jwks.json'];
const JWKS_CACHE = 'public, max-age=300';

/**
 * What every API process puts around its services, once: context, headers, CORS, bodies, docs, health, 404, 405, problems.
 * @throws StartRefused for a missing document
 */
export const createHost = (options: HostOptions): Express => {
  const { api, routers, publicUrl, log, readiness, openApi, jwks } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', trustedProxies(options.trustedProxies));

  app.use(requestContext, securityHeaders, accessLog(log, api.prefix));
  app.use(api.prefix, noStore);
  app.use(requestForm(api.headers), cors(options.corsOrigins, api.headers), allowedMethods(api, FIXED_PATHS));
  app.use(probes(readiness, () => isStopping(app)));
  app.get('/', (_request, response) => {
    response.json({ service: api.service, docs: '/apidocs/', openapi: '/openapi.json', health: '/health/ready' });
  });
  if (openApi !== undefined) app.use(apiDocs(openApi));
  if (jwks !== undefined) {
    app.get('/.well-known/jwks.json', (_request, response) => {
      response.set('Cache-Control', JWKS_CACHE).json(jwks());
    });
  }
  app.use(shedLoad(), bodyParser(formPaths(api)));
  for (const router of routers) app.use(api.prefix, router);
  app.use(notFound);
  app.use(problemHandler({ problems: { ...BASE_PROBLEMS, ...options.problems }, publicUrl, log }));
  return app;
};
