import { join } from 'node:path';
import { USER_API } from '@ums/identity/userApi';
import type { HostOptions } from '@ums/kit/http/host';
import type { ListenOptions } from '@ums/kit/http/listen';
import type { Log } from '@ums/kit/log';
import type { QueryApiConfig } from './config.js';
import { QUERY_PROBLEMS } from './problems.js';
import type { RunningQueryApi } from './service.js';

/** OpenAPI document of both APIs; the build joins them. */
export const OPENAPI = join(import.meta.dirname, '../../contracts/generated/openapi.json');

/** AsyncAPI document of the public messages, and its page, which the build makes. */
export const ASYNCAPI = {
  document: join(import.meta.dirname, '../../contracts/public/asyncapi.json'),
  page: join(import.meta.dirname, '../../contracts/generated/asyncapi.html'),
};

/** Options of the HTTP host when this service runs as its own process. */
export const hostOptions = (
  config: QueryApiConfig,
  { router, readiness, notaryKeys, browserPages }: RunningQueryApi,
  log: Log,
): HostOptions => ({
  api: USER_API,
  routers: [router],
  readiness,
  notaryKeys,
  browserPages,
  log,
  problems: QUERY_PROBLEMS,
  publicUrl: config.PUBLIC_URL,
  corsOrigins: config.CORS_ORIGINS,
  trustedProxies: config.TRUSTED_PROXIES,
});

/** Options of its HTTP server. */
export const listenOptions = (config: QueryApiConfig, log: Log): ListenOptions => ({
  host: config.HOST,
  port: config.PORT,
  keepAliveSeconds: config.KEEP_ALIVE_SECONDS,
  publicUrl: config.PUBLIC_URL,
  log,
});
