import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_PREFIX } from '@ums/contracts/routes';
import { addressMac } from '@ums/identity/addressMac';
import { mailTokens } from '@ums/identity/mail-token/mailToken';
import { systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { createHost } from '@ums/kit/http/host';
import { listen } from '@ums/kit/http/listen';
import { createLog, type Log, silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import type pg from 'pg';
import { testEventStore } from '../../infra/embedded/test/eventStore.js';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { ask, type HttpAnswer, type RequestOptions } from '../../infra/kit/test/ask.js';
import { type FaultProxy, startFaultProxy } from '../../infra/kit/test/faultProxy.js';
import { appointAdministrator } from '../src/administration/appointAdministrator.js';
import { composeDeps, createAccessTokens } from '../src/composeDeps.js';
import { type CommandApiConfig, readConfig } from '../src/config.js';
import { hostOptions } from '../src/hostOptions.js';
import { createFetchText } from '../src/mail-feedback/fetchText.js';
import {
  type CommandApiOptions,
  type RequestTimeouts,
  type RunningCommandApi,
  startCommandApi,
} from '../src/service.js';
import { PATIENT_POOL } from './testVault.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const randomSecret = () => randomBytes(32).toString('base64');

/** The environment of a command-api process, with the cheapest hashing and no reachable dependency. */
export const testEnvironment = (): Record<string, string> => ({
  EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false',
  VAULT_DATABASE_URL: 'postgres://command@127.0.0.1:1/vault',
  DATABASE_URL: 'postgres://command@127.0.0.1:1/users',
  PUBLIC_URL: 'https://users.example',
  ...{ S3_ENDPOINT: 'http://127.0.0.1:1', S3_BUCKET: 'user-files' },
  ...{ S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'a secret access key' },
  PASSWORD_HASH: 'bcrypt:4',
  LIMIT_REQUESTS_PER_SOURCE: '100000',
  ...{ MASTER_KEY: randomSecret(), ADDRESS_KEY: randomSecret(), MAIL_TOKEN_KEY: randomSecret() },
  ...{ PASSWORD_PEPPER: randomSecret(), REFRESH_TOKEN_KEY: randomSecret() },
  ACCESS_TOKEN_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
});

export interface TestApi {
  base: string;
  config: CommandApiConfig;
  service: RunningCommandApi;
  /** The service's vault, for assertions; not behind `vaultProxy`. */
  vault: pg.Pool;
  /** Lines the service has logged. */
  logged: string[];
  /** Sends a request to a route below the API's prefix: a string body as a form, any other as JSON. */
  ask(method: string, path: string, asked?: RequestOptions): Promise<HttpAnswer>;
  /** Between the service and the event log: injects network faults. */
  logProxy: FaultProxy;
  /** Between the service and the vault: injects network faults. */
  vaultProxy: FaultProxy;
  /** The token that would be mailed for the newest registration of an address. */
  mailedToken(email: string): Promise<string>;
  close(): Promise<void>;
}

/** As long as the circuit breakers around the log allow, which wait for ten seconds. */
export const PATIENT_LOG = { appendDeadlineMs: 9_000, readSilenceMs: 9_000 };

/** A slow machine must not turn the requests of tests into 503: most tests are not about how long a request waits. */
export const PATIENT: RequestTimeouts = {
  ...{ connectTimeoutMs: 20_000, statementTimeoutMs: 20_000 },
  ...PATIENT_LOG,
};

/** A `clock` that stands still keeps windows and delays of limits from ending during a test. */
export type TestApiOptions = Omit<CommandApiOptions, 'log'>;

/** The whole service behind a host, on a real vault and the embedded event log. It waits for the engines as {@link PATIENT} says. */
export const testApi = async (
  environment: Record<string, string> = {},
  options: TestApiOptions = {},
): Promise<TestApi> => {
  const { onClose, close } = closers();
  try {
    return { ...(await open(environment, options, onClose)), close };
  } catch (error) {
    await close();
    throw error;
  }
};

const open = async (
  environment: Record<string, string>,
  options: TestApiOptions,
  onClose: (close: () => Promise<void>) => void,
): Promise<Omit<TestApi, 'close'>> => {
  const vaultDatabase = await testDatabase('vault');
  onClose(vaultDatabase.drop);
  const eventStore = await testEventStore();
  onClose(eventStore.close);
  const logProxy = await startFaultProxy(portOf(eventStore.url));
  onClose(logProxy.close);
  const vaultProxy = await startFaultProxy(portOf(vaultDatabase.url), 'other');
  onClose(vaultProxy.close);
  const urls = {
    EVENTSTORE_URL: viaProxy(logProxy, eventStore.url),
    VAULT_DATABASE_URL: viaProxy(vaultProxy, vaultDatabase.url),
  };
  const config = readConfig({ ...testEnvironment(), ...urls, ...environment });
  const logged: string[] = [];
  const log: Log = createLog({ service: 'command-api', destination: { write: (line) => void logged.push(line) } });
  const vault = createPool({ url: vaultDatabase.url, applicationName: 'test', ...PATIENT_POOL, log });
  onClose(() => vault.end());
  const service = await startCommandApi(config, { log, requestTimeouts: PATIENT, ...options });
  onClose(service.close);
  const host = createHost({ ...hostOptions(config, service, log), eventLoopDelayMs: () => 0 });
  const server = await listen(host, { host: '127.0.0.1', port: 0 });
  onClose(server.close);
  const base = `http://127.0.0.1:${server.port}`;
  await untilReady(service);
  return {
    ...{ base, config, service, vault, logged, logProxy, vaultProxy },
    ask: (method, path, asked) => ask(`${base}${API_PREFIX}${path}`, method, asked),
    mailedToken: async (email) => {
      const mac = addressMac(createSecretKey(config.ADDRESS_KEY), email);
      const sql = 'select id, expires_at from registration where address_mac = $1 order by requested_at desc limit 1';
      const { rows } = await vault.query<{ id: string; expires_at: Date }>(sql, [mac]);
      const { id = '', expires_at: expires = new Date() } = rows[0] ?? {};
      return mailTokens(config.MAIL_TOKEN_KEY).issue({ purpose: 'confirm', ids: [id], addressMac: mac, expires });
    },
  };
};

const portOf = (url: string): number => Number(new URL(url).port);

const viaProxy = (proxy: FaultProxy, url: string): string => url.replace(`:${portOf(url)}`, `:${proxy.port}`);

const untilReady = async (service: RunningCommandApi): Promise<void> => {
  while (!(await service.readiness()).ready) await sleep(20);
};

export const PASSWORD = 'correct horse battery staple';

/** Registers a user, confirms the address and logs in. @returns the body of the login. */
export const signInNewUser = async ({ ask, mailedToken }: TestApi, email: string, password = PASSWORD) => {
  await ask('POST', '/auth/register', { body: { email, name: 'Ada Lovelace', password } });
  await ask('POST', '/auth/confirm', { body: { token: await mailedToken(email), password } });
  const { json } = await ask('POST', '/auth/login', { body: { email, password } });
  return json as { accessToken: string; refreshToken: string; user: { id: string } };
};

/** Makes a confirmed user the first administrator, like the operator's command. */
export const appointFirstAdministrator = async ({ config, vault }: TestApi, email: string): Promise<void> => {
  const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, ...PATIENT_LOG, log: silentLog });
  const deps = composeDeps(config, {
    vault,
    eventLog,
    logId: await logIdentity(eventLog),
    log: silentLog,
    clock: systemClock,
    accessTokens: createAccessTokens(config, systemClock),
    fetchText: createFetchText(),
  });
  await appointAdministrator(deps, email).finally(() => eventLog.close());
};
