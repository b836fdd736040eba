import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { PortTaken } from './realEngineFailed.js';

export type Ports<N extends string> = Readonly<Record<N, number>>;

/** @returns ports on which nothing listens on 127.0.0.1, chosen by the system. Another program may take one afterwards. */
export const freePorts = async (count: number): Promise<number[]> => {
  // All are open at once, so that they differ.
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
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
