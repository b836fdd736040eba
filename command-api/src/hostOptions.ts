import { USER_API } from '@ums/identity/userApi';
import type { HostOptions } from '@ums/kit/http/host';
import type { ListenOptions } from '@ums/kit/http/listen';
import type { Log } from '@ums/kit/log';
import type { CommandApiConfig } from './config.js';
import type { RunningCommandApi } from './service.js';

/** Options of the HTTP host when this service runs in its own process. */
export const hostOptions = (config: CommandApiConfig, service: RunningCommandApi, log: Log): HostOptions => ({
  api: USER_API,
  routers: [service.router],
  readiness: service.readiness,
  jwks: service.jwks,
  problems: service.problems,
  browserPages: service.browserPages,
  log,
  publicUrl: config.PUBLIC_URL,
  corsOrigins: config.CORS_ORIGINS,
  trustedProxies: config.TRUSTED_PROXIES,
});

/** Options of its HTTP server. */
export const listenOptions = (config: CommandApiConfig, log: Log): ListenOptions => ({
  host: config.HOST,
  port: config.PORT,
  keepAliveSeconds: config.KEEP_ALIVE_SECONDS,
  publicUrl: config.PUBLIC_URL,
  log,
});
