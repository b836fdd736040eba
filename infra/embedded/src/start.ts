import { join } from 'node:path';
import { readConfig as commandConfig } from '@ums/command-api/config';
import { type CommandApiOptions, startCommandApi } from '@ums/command-api/service';
import { USER_API } from '@ums/identity/userApi';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import type { Environment } from '@ums/kit/env';
import { createHost, type HostOptions } from '@ums/kit/http/host';
import { listen } from '@ums/kit/http/listen';
import { createWorkerHost } from '@ums/kit/http/workerHost';
import type { Log } from '@ums/kit/log';
import { shipLogs } from '@ums/kit/log-shipping/startLogShipping';
import { checkTemporaryFolder } from '@ums/kit/object-storage/namelessFile';
import { readConfig as notaryConfig } from '@ums/notary/config';
import { startNotary } from '@ums/notary/service';
import { readConfig as notifierConfig } from '@ums/notifier/config';
import { startNotifier } from '@ums/notifier/service';
import { readConfig as projectorConfig } from '@ums/projector/config';
import { startProjector } from '@ums/projector/service';
import { readConfig as queryConfig } from '@ums/query-api/config';
import { ASYNCAPI, OPENAPI } from '@ums/query-api/hostOptions';
import { QUERY_PROBLEMS } from '@ums/query-api/problems';
import { startQueryApi } from '@ums/query-api/service';
import type { EmbeddedConfig } from './config.js';
import { removeEngines, writeEngines } from './dataFolder/enginesFile.js';
import { exposeDiskSpace } from './dataFolder/exposeDiskSpace.js';
import { writeNotaryKeys } from './dataFolder/notaryKeysFile.js';
import { writePrivateFile } from './dataFolder/writePrivateFile.js';
import { environments } from './environments.js';
import { WRITE_FAILED } from './eventstore/startEventStore.js';
import { forget } from './forget/forget.js';
import { forgetDaily } from './forget/forgetDaily.js';
import { freePort } from './freePort.js';
import { readinessOfServices, waitUntilReady } from './readinessOfAll.js';
import { type RealEnginesOptions, type RunningEngines, startEngines } from './startEngines.js';
import { startPatiently } from './startPatiently.js';

export interface StartOptions {
  config: EmbeddedConfig;
  /** Read by each service for its own settings (limits, PASSWORD_HASH …). */
  env: Environment;
  /** Creates the logger of a service or component, by its name. */
  logFor: (service: string) => Log;
  clock?: Clock;
  /** False is for tests only. @default true */
  fsync?: boolean;
  /** Replaces the engines that the services connect to: tests put a faulty network in between. */
  wrapEngines?: (engines: RunningEngines) => Promise<RunningEngines>;
  /** Replaces requests to SNS, for tests. */
  fetchFromSns?: CommandApiOptions['fetchFromSns'];
  /** How long requests of command-api wait for log and vault; for tests, which a busy machine must not turn into 503. */
  requestTimeouts?: CommandApiOptions['requestTimeouts'];
  /** See `HostOptions`; for tests, which block the event loop themselves. @default measured */
  eventLoopDelayMs?: HostOptions['eventLoopDelayMs'];
  /** Runs the services on a real Kafka and a real OpenSearch, which are started too. */
  realEngines?: RealEnginesOptions | undefined;
  /** Called when an engine has ended unexpectedly; the service cannot continue. */
  onFatal: (error: Error) => void;
}

/** The whole service, running in this process. */
export interface RunningStart {
  /** Base URL of the API on this machine. */
  api: string;
  /** Base URL of links in mails. */
  publicUrl: string;
  /** Base URL of the mail inbox. */
  inbox: string;
  /** Base URL of health and metrics. */
  metrics: string;
  engines: RunningEngines;
  close(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;

/**
 * Starts engines, services and HTTP servers on one data folder and resolves once all are ready.
 * @throws StartRefused with one sentence; nothing is left running then and no data is lost.
 */
export const start = async ({
  config,
  env,
  logFor,
  clock = systemClock,
  fsync = true,
  wrapEngines = async (engines) => engines,
  fetchFromSns,
  requestTimeouts,
  eventLoopDelayMs,
  realEngines,
  onFatal,
}: StartOptions): Promise<RunningStart> => {
  const { onClose, close } = closers();
  try {
    await checkTemporaryFolder();
    const port = await freePort(config.PORT, config.HOST);
    await freePort(config.METRICS_PORT, config.HOST);
    const { DATA_DIR: dataDir, INBOX_PORT: inboxPort } = config;
    const onWriteFailed = (error: unknown) => logFor('event-log').warn(WRITE_FAILED, { error });
    const started = await startEngines({ dataDir, inboxPort, fsync, onFatal, onWriteFailed, realEngines });
    onClose(started.close);
    onClose(exposeDiskSpace(dataDir));
    const engines = await wrapEngines(started);
    const { kafka, openSearch } = engines.realEngines ?? {};
    if (openSearch !== undefined)
      // Ends before OpenSearch does, and after the services.
      onClose(shipLogs({ ...config, OPENSEARCH_URL: openSearch.url }, logFor('process')));
    const api = `http://${connectableHost(config.HOST)}:${port}`;
    const publicUrl = config.PUBLIC_URL ?? api;
    const jwks = join(engines.dataDir, 'jwks.json');
    const environment = environments(engines, { env: { ...env, PORT: String(port) }, publicUrl, jwks });
    const dependencies = (service: string) => ({ log: logFor(service), clock });

    const command = await startPatiently(logFor('process'), () =>
      startCommandApi(commandConfig(environment['command-api']), {
        ...dependencies('command-api'),
        ...(fetchFromSns === undefined ? {} : { fetchFromSns }),
        ...(requestTimeouts === undefined ? {} : { requestTimeouts }),
      }),
    );
    onClose(command.close);
    await writePrivateFile(jwks, JSON.stringify(command.jwks()));
    const projector = await startPatiently(logFor('process'), () =>
      startProjector(projectorConfig(environment.projector), dependencies('projector')),
    );
    onClose(projector.close);
    const notifier = await startPatiently(logFor('process'), () =>
      startNotifier(notifierConfig(environment.notifier), dependencies('notifier')),
    );
    onClose(notifier.close);
    const notary = await startPatiently(logFor('process'), () =>
      startNotary(notaryConfig({ ...environment.notary }), { log: logFor('notary') }),
    );
    onClose(notary.close);
    await writeNotaryKeys(engines.dataDir, notary.verifierKeys);
    const query = await startPatiently(logFor('process'), () =>
      startQueryApi(queryConfig(environment['query-api']), dependencies('query-api')),
    );
    onClose(query.close);

    const services = { 'command-api': command, projector, notifier, 'query-api': query };
    const readiness = () => readinessOfServices({ ...services, notary });
    const host = createHost({
      api: USER_API,
      routers: [query.router, command.router],
      problems: { ...QUERY_PROBLEMS, ...command.problems },
      browserPages: { ...command.browserPages, ...query.browserPages },
      publicUrl,
      log: logFor('http'),
      trustedProxies: config.TRUSTED_PROXIES,
      corsOrigins: config.CORS_ORIGINS,
      readiness,
      ...(eventLoopDelayMs && { eventLoopDelayMs }),
      openApi: OPENAPI,
      asyncApi: ASYNCAPI,
      jwks: command.jwks,
      notaryKeys: query.notaryKeys,
    });
    // Without the notary: it stays red on a log that contradicts a checkpoint, and an operator needs the service to see why.
    await waitUntilReady(services, READY_TIMEOUT_MS);
    const metrics = await listen(createWorkerHost({ readiness }, logFor('metrics')), {
      host: config.HOST,
      port: config.METRICS_PORT,
    });
    onClose(metrics.close);
    const { inbox, objectStorage, eventLog, postgres } = engines;
    const databases = { postgres, vault: engines.vaultFor('command'), users: engines.usersFor('projector') };
    onClose(forgetDaily({ forget: () => forget(databases, logFor('forget')), log: logFor('forget') }));
    const realUrls = { kafkaBrokers: kafka?.brokers, openSearch: openSearch?.url };
    await writeEngines(engines.dataDir, { api, inbox, objectStorage, eventLog, ...databases, ...realUrls });
    onClose(() => removeEngines(engines.dataDir));
    const server = await listen(host, {
      host: config.HOST,
      port,
      keepAliveSeconds: config.KEEP_ALIVE_SECONDS,
      publicUrl,
      log: logFor('http'),
    });
    onClose(server.close);
    return {
      api,
      publicUrl,
      inbox: engines.inbox,
      metrics: `http://${connectableHost(config.HOST)}:${metrics.port}`,
      engines,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The host to connect to, for the host that a server listens on; wildcards become loopback. */
const connectableHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};
