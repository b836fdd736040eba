import { join } from 'node:path';
import { startEngines } from '@ums/embedded/startEngines';
import { engineFigures } from './engines/engineFigures.js';
import { UNLIMITED } from './load/unlimited.js';
import { logServerFigures } from './log-server/logServerFigures.js';
import { logServer, stageOf, wholeService } from './program/launches.js';
import { startCost } from './program/startCost.js';
import { withProgram } from './program/startProgram.js';
import type { Figure } from './report/figure.js';
import { serviceFigures } from './service/serviceFigures.js';
import type { BenchSizes } from './sizes.js';

export interface Bench {
  /** An empty folder for the data of all programs. */
  folder: string;
  sizes: BenchSizes;
  passwordHash: string;
}

/**
 * Measures the log server, the engines and the whole service, one after another, each on data of its own.
 * @param done Told of the figures of each part as they are known: a later part may fail.
 */
export const bench = async (
  { folder, sizes, passwordHash }: Bench,
  done: (figures: readonly Figure[]) => void,
): Promise<void> => {
  const log = logServer(join(folder, 'log'));
  done(await withProgram(log, ({ said: [, url = ''], cpu }) => logServerFigures(url, sizes.logServer, cpu)));

  const onFatal = (error: Error) => void Promise.reject(error);
  const engines = await startEngines({ dataDir: join(folder, 'engines'), inboxPort: 0, onFatal });
  done(await engineFigures(engines, sizes.engines).finally(engines.close));

  const service = wholeService(join(folder, 'service'), { ...UNLIMITED, PASSWORD_HASH: passwordHash });
  done(
    await withProgram(service, async (program) => {
      const stage = await stageOf(program, service);
      return serviceFigures(stage, sizes.service).finally(stage.close);
    }),
  );
  done([await startCost(service, sizes.starts)]);
};
