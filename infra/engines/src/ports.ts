import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { PortTaken } from './realEngineFailed.js';

export type Ports<N extends string> = Readonly<Record<N, number>>;

/**
 * The ports that are chosen. Systems choose those of outgoing connections above (RFC 6335: from 49152, Linux: from 32768), so
 * that no connection of another program takes one between the choice and the use.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_767;

/** Each process chooses in a range of its own, so that those which start at the same time do not choose the same port. */
const RANGES = 64;
const RANGE_SIZE = Math.floor((LAST_PORT + 1 - FIRST_PORT) / RANGES);
/** Tries in the range of the process for each port; then in all ranges. */
const TRIES_IN_RANGE = 100;
/** Those that this process has tried: one that was chosen, and on which nothing listens yet, is not chosen again. */
const tried = new Set<number>();

/** @returns different ports, chosen at random, on which nothing listens on the host. Another program may take one afterwards. */
export const freePorts = async (count: number, host = '127.0.0.1'): Promise<number[]> => {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries += 1) {
    const port = tries < TRIES_IN_RANGE * count ? portInOwnRange() : randomInt(FIRST_PORT, LAST_PORT + 1);
    if (tried.size > LAST_PORT - FIRST_PORT) tried.clear();
    if (tried.has(port)) continue;
    tried.add(port);
    if (await isFree(port, host)) ports.push(port);
  }
  return ports;
};

const portInOwnRange = (): number => FIRST_PORT + (process.pid % RANGES) * RANGE_SIZE + randomInt(RANGE_SIZE);

/** Whether this process can listen on a TCP port. @throws Error of the system when it may not, or the host is not its own. */
export const isFree = async (port: number, host: string): Promise<boolean> => {
  const server = createServer();
  const listening = new Promise<boolean>((resolve, reject) => {
    server.once('listening', () => resolve(true));
    server.once('error', (error) => (codeOf(error) === 'EADDRINUSE' ? resolve(false) : reject(error)));
  });
  server.listen({ port, host, exclusive: true });
  try {
    return await listening;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
};

/**
 * Starts an engine on the ports of its last start, kept in `<dataDir>/ports.json`, so that clients find it again. When one of
 * them is taken, starts it once more on new ones.
 * @param fixed ports that are used instead of kept ones; 0: a new one, chosen by the system.
 * @throws PortTaken when a fixed port is taken, or ports were taken twice.
 */
export const startOnPorts = async <N extends string, T>(
  { dataDir, names, fixed }: { dataDir: string; names: readonly N[]; fixed: Partial<Ports<N>> },
  start: (ports: Ports<N>) => Promise<T>,
): Promise<T> => {
  const file = join(dataDir, 'ports.json');
  const startWith = async (kept: Partial<Ports<N>>): Promise<T> => {
    const free = await freePorts(names.length);
    const port = (name: N, index: number) => (fixed[name] ?? kept[name]) || (free[index] as number);
    const ports = Object.fromEntries(names.map((name, index) => [name, port(name, index)])) as Ports<N>;
    await writeFile(file, `${JSON.stringify(ports)}\n`);
    return await start(ports);
  };
  try {
    return await startWith(await readPorts(file));
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error;
    return await startWith({});
  }
};

/** The ports in a file; none when it is missing or damaged. */
const readPorts = async <N extends string>(file: string): Promise<Partial<Ports<N>>> => {
  try {
    const ports: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Object.fromEntries(
      Object.entries(ports ?? {}).filter(([, port]) => Number.isInteger(port) && port > 0 && port < 65_536),
    ) as Partial<Ports<N>>;
  } catch {
    return {};
  }
};
