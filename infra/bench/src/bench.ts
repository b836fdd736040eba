import { join } from 'node:path';
import { startEngines } from '@ums/embedded/startEngines';
import { engineFigures } from './engines/engineFigures.js';
import { HIGH_LIMITS } from './load/highLimits.js';
import { logServerFigures } from './log-server/logServerFigures.js';
import { logServer, measuredServiceOf, wholeService } from './program/launches.js';
import { startCost } from './program/startCost.js';
import { withProgram } from './program/startProgram.js';
import type { Figure } from './report/figure.js';
import { serviceFigures } from './service/serviceFigures.js';
import type { BenchSizes } from './sizes.js';

export interface BenchOptions {
  /** An empty folder for the data of all programs. */
  folder: string;
  sizes: BenchSizes;
  passwordHash: string;
}

/**
 * Measures the log server, the engines and the whole service one after another, each on its own data.
 * @param onFigures called with the figures of each part as soon as it is done, because a later part may fail
 */
export const bench = async (
  { folder, sizes, passwordHash }: BenchOptions,
  onFigures: (figures: readonly Figure[]) => void,
): Promise<void> => {
  const log = logServer(join(folder, 'log'));
  onFigures(await withProgram(log, ({ readyMatch: [, url = ''], cpu }) => logServerFigures(url, sizes.logServer, cpu)));

  const onFatal = (error: Error) => void Promise.reject(error);
  const engines = await startEngines({ dataDir: join(folder, 'engines'), inboxPort: 0, onFatal });
  onFigures(await engineFigures(engines, sizes.engines).finally(engines.close));

  const launch = wholeService(join(folder, 'service'), { ...HIGH_LIMITS, PASSWORD_HASH: passwordHash });
  onFigures(
    await withProgram(launch, async (program) => {
      const service = await measuredServiceOf(program, launch);
      return serviceFigures(service, sizes.service).finally(service.close);
    }),
  );
  onFigures([await startCost(launch, sizes.starts)]);
};
