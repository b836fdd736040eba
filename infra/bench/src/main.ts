import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngines } from '@ums/embedded/startEngines';
import { engineFigures } from './engines/engineFigures.js';
import { UNLIMITED } from './load/unlimited.js';
import { logServerFigures } from './log-server/logServerFigures.js';
import { logServer, stageOf, wholeService } from './program/launches.js';
import { startCost } from './program/startCost.js';
import { withProgram } from './program/startProgram.js';
import type { Figure } from './report/figure.js';
import { report } from './report/report.js';
import { serviceFigures } from './service/serviceFigures.js';
import { SIZES } from './sizes.js';

const folder = await mkdtemp(join(tmpdir(), 'ums-bench-'));
const onFatal = (error: Error) => void Promise.reject(error);
const service = wholeService(join(folder, 'service'), { ...UNLIMITED, PASSWORD_HASH: 'argon2id' });
const figures: Figure[] = [];
try {
  const log = logServer(join(folder, 'log'));
  figures.push(
    ...(await withProgram(log, ({ said: [, url = ''], cpu }) => logServerFigures(url, SIZES.logServer, cpu))),
  );

  const engines = await startEngines({ dataDir: join(folder, 'engines'), inboxPort: 0, onFatal });
  figures.push(...(await engineFigures(engines, SIZES.engines).finally(engines.close)));

  const onStage = async (stage: Awaited<ReturnType<typeof stageOf>>) =>
    serviceFigures(stage, SIZES.service).finally(stage.close);
  figures.push(...(await withProgram(service, async (program) => onStage(await stageOf(program, service)))));
  figures.push(await startCost(service, SIZES.starts));
} finally {
  process.stdout.write(report(figures));
  await rm(folder, { recursive: true, force: true });
}
