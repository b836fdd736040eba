import { setTimeout as sleep } from 'node:timers/promises';
import { environments, type Service } from '@ums/embedded/environments';
import { freePort } from '@ums/embedded/freePort';
import type { RunningEngines } from '@ums/embedded/startEngines';
import type { Environment } from '@ums/kit/env';
import { FEEDBACK_TOPIC } from './forgedNotice.js';
import { routingProxy } from './routingProxy.js';
import { type SpawnedProgram, spawnProgram } from './spawnProgram.js';

const HOST = '127.0.0.1';
export const SERVICES: readonly Service[] = ['command-api', 'projector', 'notifier', 'notary', 'query-api'];

/**
 * Starts the five services, each in a process of its own, behind one reverse proxy.
 * @param settings further environment variables of all services
 */
export const fiveProcesses = async (engines: RunningEngines, settings: Readonly<Record<string, string>> = {}) => {
  const ports = Object.fromEntries(
    await Promise.all(SERVICES.map(async (service) => [service, await freePort(0, HOST)])),
  ) as Record<Service, number>;
  /** The workers serve their health with their metrics, the APIs on the port of the API. */
  const metricsPorts = {
    ...ports,
    'command-api': await freePort(0, HOST),
    'query-api': await freePort(0, HOST),
  };
  const base = (service: Service) => `http://${HOST}:${ports[service]}`;
  const proxy = await routingProxy({ 'command-api': base('command-api'), 'query-api': base('query-api') });
  const options = {
    env: {
      PASSWORD_HASH: 'bcrypt:4',
      CHECKPOINT_SECONDS: '1',
      TRUSTED_PROXIES: HOST,
      HOST,
      SES_FEEDBACK_TOPIC_ARN: FEEDBACK_TOPIC,
      ...settings,
    },
    publicUrl: proxy.url,
    jwks: `${base('command-api')}/.well-known/jwks.json`,
  };
  const environment: Record<Service, Environment> = { ...environments(engines, options) };
  const running = new Map<Service, SpawnedProgram>();
  const launched: SpawnedProgram[] = [];

  const launch = (service: Service): SpawnedProgram => {
    const listening = { PORT: String(ports[service]), METRICS_PORT: String(metricsPorts[service]) };
    const program = spawnProgram(`${service}/dist/main.js`, { ...environment[service], ...listening });
    running.set(service, program);
    launched.push(program);
    return program;
  };
  const start = async (): Promise<void> => {
    await Promise.all(SERVICES.map((service) => untilReady(() => launch(service), base(service))));
  };
  const end = (signal: 'SIGTERM' | 'SIGKILL') =>
    Promise.all(SERVICES.map(async (service) => [service, await running.get(service)?.end(signal)] as const));

  try {
    await start();
  } catch (error) {
    await end('SIGKILL');
    await proxy.close();
    throw error;
  }
  return {
    url: proxy.url,
    /** Base URL of the metrics of a service. */
    metrics: (service: Service) => `http://${HOST}:${metricsPorts[service]}`,
    /** Of each service, from its next start on. */
    environment,
    /** Everything that the processes have written. */
    output: () => launched.map((program) => Object.values(program.output()).join('')).join(''),
    /**
     * Ends all processes and starts them again, on the same ports.
     * @param between what to do while none of them runs
     * @returns their exit codes, null if the signal ended the process
     */
    restart: async (
      signal: 'SIGTERM' | 'SIGKILL',
      between: () => Promise<unknown> = async () => undefined,
    ): Promise<Record<string, number | null | undefined>> => {
      const codes = await end(signal);
      await between();
      await start();
      return Object.fromEntries(codes);
    },
    close: async (): Promise<void> => {
      await end('SIGTERM');
      await proxy.close();
    },
  };
};

/** Five processes that start at once take long on a busy machine. */
const READY_TIMEOUT_MS = 240_000;
const ATTEMPTS = 10;
const POLL_MS = 100;
/** What ends a service because an engine did not answer in time, or because command-api has not started with a new key yet. */
const TOO_EARLY = /"(LogUnavailable|DependencyUnavailable)"|is not the secret this vault was made with/;

/**
 * Launches a service and waits until it is ready. One that ends before because it was started too early is launched again,
 * as its supervisor would.
 * @throws Error with the end of its output, when it ends for another reason or too often
 */
const untilReady = async (launch: () => SpawnedProgram, base: string): Promise<void> => {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let program = launch();
  for (let attempt = 1; !(await isReady(base)); ) {
    const hasEnded = await Promise.race([program.ended.then(() => true), sleep(POLL_MS, false)]);
    const mayRepeat = attempt < ATTEMPTS && TOO_EARLY.test(Object.values(program.output()).join(''));
    if (performance.now() > deadline || (hasEnded && !mayRepeat))
      throw new Error(`a service was not ready after ${attempt} attempts: ${lastLines(program)}`);
    if (!hasEnded) continue;
    attempt += 1;
    program = launch();
  }
};

const lastLines = ({ output }: SpawnedProgram): string => {
  const { out, err } = output();
  return `${out.split('\n').slice(-4).join('\n')}${err}`;
};

const isReady = async (base: string): Promise<boolean> => {
  const answer = await fetch(`${base}/health/ready`).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 200;
};
