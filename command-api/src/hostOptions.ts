import { USER_API } from '@ums/identity/userApi';
import type { HostOptions } from '@ums/kit/http/host';
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
  problemPages: service.problemPages,
  log,
  publicUrl: config.PUBLIC_URL,
  corsOrigins: config.CORS_ORIGINS,
  trustedProxies: config.TRUSTED_PROXIES,
});
