import { join } from 'node:path';
import { appoint } from '@ums/commands/admin/appoint';
import { startEngines } from '@ums/embedded/startEngines';
import { countFigures } from './counts/countFigures.js';
import { countServiceOperations } from './counts/countServiceOperations.js';
import { directoryFigures } from './directory/directoryFigures.js';
import { realEngineFigures } from './engines/realEngineFigures.js';
import { auditorFigures } from './history/auditorFigures.js';
import { feedFigures } from './history/feedFigures.js';
import { historyFigures } from './history/historyFigures.js';
import { notaryFigures } from './history/notaryFigures.js';
import { notaryLag } from './history/notaryLag.js';
import { verifyFigures } from './history/verifyFigures.js';
import { HIGH_LIMITS } from './load/highLimits.js';
import { logServerFigures } from './log-server/logServerFigures.js';
import { pictureFigures } from './pictures/pictureFigures.js';
import { processFigures } from './processes/processFigures.js';
import { logServer, measuredServiceOf, wholeService } from './program/launches.js';
import type { NodeVersion } from './program/nodeVersions.js';
import { startCost } from './program/startCost.js';
import { withProgram } from './program/startProgram.js';
import type { Figure } from './report/figure.js';
import { floodFigure } from './service/floodFigure.js';
import { operationCosts } from './service/operationCosts.js';
import { serviceFigures } from './service/serviceFigures.js';
import { createTestUsers } from './service/testUsers.js';
import type { BenchSizes } from './sizes.js';
import { openUseCases } from './use-cases/openUseCases.js';
import { useCaseFigures } from './use-cases/useCaseFigures.js';

export interface BenchOptions {
  /** An empty folder for the data of all programs. */
  folder: string;
  sizes: BenchSizes;
  passwordHash: string;
  /** Versions of Node that the costs of operations are measured with. */
  nodes: readonly NodeVersion[];
}

type OnFigures = (figures: readonly Figure[]) => void;

/** The parts of the bench, each on data of its own. */
const PARTS = {
  'log-server': async ({ folder, sizes }: BenchOptions, onFigures: OnFigures): Promise<void> => {
    const log = logServer(join(folder, 'log'));
    onFigures(
      await withProgram(log, ({ readyMatch: [, url = ''], cpu }) => logServerFigures(url, sizes.logServer, cpu)),
    );
  },
  'use-cases': async ({ folder, sizes }: BenchOptions, onFigures: OnFigures): Promise<void> => {
    const onFatal = (error: Error) => void Promise.reject(error);
    const engines = await startEngines({ dataDir: join(folder, 'use-cases'), inboxPort: 0, onFatal });
    onFigures(await useCaseFigures(engines, sizes.useCases).finally(engines.close));
  },
  directory: async ({ folder, sizes }: BenchOptions, onFigures: OnFigures): Promise<void> => {
    const onFatal = (error: Error) => void Promise.reject(error);
    const engines = await startEngines({ dataDir: join(folder, 'directory'), inboxPort: 0, onFatal });
    onFigures(await directoryFigures(engines, sizes.directory).finally(engines.close));
  },
  processes: async ({ folder, sizes }: BenchOptions, onFigures: OnFigures): Promise<void> => {
    const onFatal = (error: Error) => void Promise.reject(error);
    const engines = await startEngines({ dataDir: join(folder, 'processes'), inboxPort: 0, onFatal });
    onFigures(await processFigures(engines, sizes.processes).finally(engines.close));
  },
  history: async ({ folder, sizes, passwordHash }: BenchOptions, onFigures: OnFigures): Promise<void> => {
    const onFatal = (error: Error) => void Promise.reject(error);
    const engines = await startEngines({ dataDir: join(folder, 'history'), inboxPort: 0, onFatal });
    try {
      const useCases = await openUseCases(engines);
      try {
        onFigures(await historyFigures(useCases, sizes.history));
        onFigures([await notaryLag(useCases, sizes.notaryLag)]);
        onFigures(await notaryFigures(useCases, sizes.notary));
      } finally {
        await useCases.close();
      }
    } finally {
      await engines.close();
    }
    const feed = await startEngines({ dataDir: join(folder, 'feed'), inboxPort: 0, onFatal });
    onFigures(await feedFigures(feed, sizes.feed).finally(feed.close));
    const dataDir = join(folder, 'auditors');
    const launch = wholeService(dataDir, { ...HIGH_LIMITS, PASSWORD_HASH: passwordHash });
    onFigures(
      await withProgram(launch, async (program) => {
        const service = await measuredServiceOf(program, launch);
        const appointed = async (email: string) => void (await appoint([email], { DATA_DIR: dataDir }));
        return auditorFigures(service, sizes.auditors, appointed).finally(service.close);
      }),
    );
    onFigures(await verifyFigures(folder, sizes.verify));
  },
  pictures: async ({ sizes }: BenchOptions, onFigures: OnFigures): Promise<void> => {
    onFigures(await pictureFigures(sizes.pictures));
  },
  service: async ({ folder, sizes, passwordHash }: BenchOptions, onFigures: OnFigures): Promise<void> => {
    const launch = wholeService(join(folder, 'service'), { ...HIGH_LIMITS, PASSWORD_HASH: passwordHash });
    onFigures(
      await withProgram(launch, async (program) => {
        const service = await measuredServiceOf(program, launch);
        return serviceFigures(service, sizes.service).finally(service.close);
      }),
    );
    const limited = wholeService(join(folder, 'flood'), { TRUSTED_PROXIES: '127.0.0.1', PASSWORD_HASH: passwordHash });
    onFigures(
      await withProgram(limited, async (program) => {
        const service = await measuredServiceOf(program, limited);
        const figure = async () => floodFigure(service, await createTestUsers(service, sizes.flood.users), sizes.flood);
        return [await figure().finally(service.close)];
      }),
    );
  },
  operations: async ({ folder, sizes, passwordHash, nodes }: BenchOptions, onFigures: OnFigures): Promise<void> => {
    for (const node of nodes)
      for (const hash of new Set([passwordHash, CHEAPEST_HASH]))
        onFigures(await operationFigures({ folder, sizes }, node, hash));
  },
  counts: async ({ folder }: BenchOptions, onFigures: OnFigures): Promise<void> => {
    onFigures(countFigures(await countServiceOperations(join(folder, 'counts'))));
  },
  /** Last, because it needs a JDK and Maven. */
  engines: ({ folder, sizes }: BenchOptions, onFigures: OnFigures): Promise<void> =>
    realEngineFigures(join(folder, 'engines'), sizes.engines, onFigures),
};

export type BenchPart = keyof typeof PARTS;

export const BENCH_PARTS = Object.keys(PARTS) as BenchPart[];

/**
 * Measures the log server, the use cases, the directory of users, histories, the feed of events, the verification of exports,
 * pictures, the whole service and the service on real engines one after another, each on its own data.
 * @param onFigures called with the figures of each part as soon as it is done, because a later part may fail
 * @param parts what to measure. @default all
 */
export const bench = async (
  options: BenchOptions,
  onFigures: OnFigures,
  parts: readonly BenchPart[] = BENCH_PARTS,
): Promise<void> => {
  for (const part of parts) await PARTS[part](options, onFigures);
};

/** With it, what remains of a cost is everything but the hash. */
const CHEAPEST_HASH = 'bcrypt:4';
/** The targets are for this version; others may take a quarter more. */
const TARGET_NODE = 'Node 24';

const operationFigures = async (
  { folder, sizes }: Pick<BenchOptions, 'folder' | 'sizes'>,
  { name, env }: NodeVersion,
  hash: string,
): Promise<Figure[]> => {
  const dataDir = join(folder, `${name} ${hash}`.replaceAll(/\W/g, '-'));
  const launch = wholeService(dataDir, { ...HIGH_LIMITS, ...env, PASSWORD_HASH: hash });
  const allowance = name === TARGET_NODE ? 0 : 0.25;
  const costs = await withProgram(launch, async (program) => {
    const service = await measuredServiceOf(program, launch);
    return operationCosts(service, {
      label: `${name}, ${hash}`,
      sizes: sizes.operations,
      allowance,
      appoint: async (email) => void (await appoint([email], { DATA_DIR: dataDir })),
      memory: program.memory,
    }).finally(service.close);
  });
  // A start hashes nothing.
  if (hash !== CHEAPEST_HASH) return costs;
  return [...costs, await startCost(launch, { starts: sizes.starts, label: name, allowance })];
};
