import { join } from 'node:path';
import { startEngines } from '@ums/embedded/startEngines';
import { startRealEngines } from '@ums/engines/startRealEngines';
import { closers } from '@ums/kit/closers';
import { HIGH_LIMITS } from '../load/highLimits.js';
import { withoutIdleCost } from '../load/withoutIdleCost.js';
import { logServer, measuredServiceOf, wholeService } from '../program/launches.js';
import { startProgram, withProgram } from '../program/startProgram.js';
import { type Figure, formatNumber } from '../report/figure.js';
import type { Pace } from '../service/atPace.js';
import type { MeasuredService } from '../service/measuredService.js';
import { createTestUsers } from '../service/testUsers.js';
import { type VisibilitySizes, visibility } from '../service/visibility.js';
import { openUseCases } from '../use-cases/openUseCases.js';
import { deliveryTime } from './deliveryTime.js';
import { logSinkCost, type SinkSizes } from './logSinkCost.js';
import { publishFigures } from './publishFigures.js';

export interface RealEngineSizes {
  /** Users whose events queue up while the broker is down. */
  backlogUsers: number;
  users: number;
  idleMs: number;
  /** Between the start of the services and the measurement of the idle ones. */
  settleMs: number;
  visibility: VisibilitySizes;
  delivery: Pace;
  sink: SinkSizes;
}

type OnFigures = (figures: readonly Figure[]) => void;

/** Figures of the service on a real Kafka and OpenSearch, which the first run downloads. @throws RealEngineFailed without a JDK */
export const realEngineFigures = async (
  folder: string,
  sizes: RealEngineSizes,
  onFigures: OnFigures,
): Promise<void> => {
  onFigures([await startWithEngines(join(folder, 'start'))]);
  onFigures(await backlogFigures(folder, sizes.backlogUsers));
  const { kafka, openSearch, stop } = await startRealEngines({ dataDir: join(folder, 'real') });
  try {
    await serviceFigures(folder, sizes, { KAFKA_BROKERS: kafka.brokers, OPENSEARCH_URL: openSearch.url }, onFigures);
  } finally {
    await stop();
  }
};

/** Time of `npm start -- --engines` until ready. The first start creates the data folder and, if they are missing, the class archives. */
const startWithEngines = async (dataDir: string): Promise<Figure> => {
  const launch = wholeService(dataDir, {}, ['--engines']);
  await (await startProgram(launch)).stop();
  const since = performance.now();
  const program = await startProgram(launch);
  const seconds = (performance.now() - since) / 1_000;
  await program.stop();
  return {
    name: 'start with Kafka and OpenSearch',
    measured: seconds,
    unit: 's',
    target: { atMost: 15 },
    details: 'wall clock of npm start -- --engines on an existing folder until ready',
  };
};

/** The log server runs in a process of its own, so that none of its cost counts as the publisher's. */
const backlogFigures = (folder: string, users: number): Promise<Figure[]> =>
  withProgram(logServer(join(folder, 'backlog-log')), async ({ readyMatch: [, eventLog = ''] }) => {
    const onFatal = (error: Error) => void Promise.reject(error);
    const engines = await startEngines({ dataDir: join(folder, 'backlog'), inboxPort: 0, onFatal });
    try {
      const useCases = await openUseCases({ ...engines, eventLog });
      const options = { useCases, readModel: engines.usersFor('projector'), kafkaDir: join(folder, 'backlog-kafka') };
      return await publishFigures({ ...options, users }).finally(useCases.close);
    } finally {
      await engines.close();
    }
  });

interface Addresses {
  KAFKA_BROKERS: string;
  OPENSEARCH_URL: string;
}

const DOWN = 'http://127.0.0.1:9';

const serviceFigures = async (
  folder: string,
  { users: count, idleMs, settleMs, ...sizes }: RealEngineSizes,
  { KAFKA_BROKERS, OPENSEARCH_URL }: Addresses,
  onFigures: OnFigures,
): Promise<void> => {
  const { onClose, close } = closers();
  const startService = async (name: string, env: Readonly<Record<string, string>>) => {
    const launch = wholeService(join(folder, name), { ...HIGH_LIMITS, PASSWORD_HASH: 'bcrypt:4', ...env });
    const program = await startProgram(launch);
    onClose(program.stop);
    const service = await measuredServiceOf(program, launch);
    onClose(service.close);
    return service;
  };
  try {
    const none = await startService('without-sink', {});
    const onKafka = await startService('on-kafka', { KAFKA_BROKERS });
    // Before any request: what a load leaves behind (vacuums, garbage) is no cost of an idle service.
    onFigures([await idleCost(none, onKafka, { idleMs, settleMs })]);
    const users = await createTestUsers(onKafka, count);
    onFigures((await visibility(onKafka, users, sizes.visibility)).map(withKafka));
    onFigures(await deliveryTime(onKafka, users, { broker: KAFKA_BROKERS, pace: sizes.delivery }));
    const sink = {
      none: await withUser(none),
      up: await withUser(await startService('sink-up', { OPENSEARCH_URL })),
      down: await withUser(await startService('sink-down', { OPENSEARCH_URL: DOWN })),
    };
    onFigures(await logSinkCost(sink, sizes.sink));
  } finally {
    await close();
  }
};

const withKafka = (figure: Figure): Figure => ({ ...figure, name: `${figure.name}, with Kafka` });

const withUser = async (service: MeasuredService) => {
  const [user] = await createTestUsers(service, 1);
  if (user === undefined) throw new Error('expected a user');
  return { service, user };
};

const idleCost = async (
  without: MeasuredService,
  on: MeasuredService,
  { idleMs, settleMs }: Pick<RealEngineSizes, 'idleMs' | 'settleMs'>,
): Promise<Figure> => {
  const [{ idle: bare }, { idle }] = await Promise.all([
    withoutIdleCost(without.cpu, idleMs, settleMs),
    withoutIdleCost(on.cpu, idleMs, settleMs),
  ]);
  return {
    name: 'idle publisher and consumers',
    measured: idle - bare,
    unit: 'cpu-ms/s',
    target: { atMost: 10 },
    details: `npm start on Kafka (${formatNumber(idle)}) minus without (${formatNumber(bare)}), at the same time, ${idleMs} ms; 10 cpu-ms/s are 1 % of a core`,
  };
};
