import { environments, type Service } from '@ums/embedded/environments';
import { freePort } from '@ums/embedded/freePort';
import type { RunningEngines } from '@ums/embedded/startEngines';
import { serviceProcess } from '../program/launches.js';
import { type Program, startProgram } from '../program/startProgram.js';
import { untilReady } from './untilReady.js';

const HOST = '127.0.0.1';
/** In the order that each needs those before. */
const SERVICES: readonly Service[] = ['command-api', 'projector', 'notifier', 'notary', 'query-api'];

/** Each service in a process of its own. */
export interface StartedServices {
  /** Base URL of a service. */
  url(service: Service): string;
  /** Resident memory of all of them, in MB. */
  memory(): Promise<number>;
  /** Ends one and starts it again. @returns CPU time until it is ready, in ms */
  restart(service: Service): Promise<number>;
  close(): Promise<void>;
}

/** Starts the five services on engines. @param settings further environment variables of all services */
export const startServices = async (
  engines: RunningEngines,
  settings: Readonly<Record<string, string>>,
): Promise<StartedServices> => {
  const ports = new Map<Service, number>();
  for (const service of SERVICES) ports.set(service, await freePort(0, HOST));
  const url = (service: Service): string => `http://${HOST}:${ports.get(service)}`;
  const jwks = `${url('command-api')}/.well-known/jwks.json`;
  const environment = environments(engines, { env: settings, publicUrl: url('command-api'), jwks });
  const running = new Map<Service, Program>();
  const start = async (service: Service): Promise<number> => {
    // A worker serves its health with its metrics, an API on the port of the API.
    const port = String(ports.get(service));
    const isApi = service.endsWith('-api');
    const listening = { PORT: port, METRICS_PORT: isApi ? String(await freePort(0, HOST)) : port };
    const program = await startProgram(serviceProcess(service, { ...environment[service], ...listening }));
    running.set(service, program);
    await untilReady(url(service));
    return program.cpu();
  };
  const end = async (service: Service): Promise<void> => {
    await running.get(service)?.stop();
    running.delete(service);
  };
  const close = async (): Promise<void> => {
    for (const service of SERVICES.toReversed()) await end(service);
  };
  try {
    for (const service of SERVICES) await start(service);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    memory: async () => {
      const sizes = await Promise.all([...running.values()].map((program) => program.memory()));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    restart: async (service) => {
      await end(service);
      return start(service);
    },
    close,
  };
};
