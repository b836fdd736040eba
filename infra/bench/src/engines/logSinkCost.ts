import { setTimeout as sleep } from 'node:timers/promises';
import { cpuPerOperation } from '../load/compareCosts.js';
import { runParallel } from '../load/runParallel.js';
import { median } from '../load/statistics.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { ask } from '../service/ask.js';
import type { MeasuredService } from '../service/measuredService.js';
import type { TestUser } from '../service/testUsers.js';

export interface SinkSizes {
  rounds: number;
  /** Requests in a round. */
  operations: number;
}

/** A service and one of its users. */
export interface UsedService {
  service: MeasuredService;
  user: TestUser;
}

/** The same service without a log sink, with one, and with one that is down. */
export type SinkServices = Record<'none' | 'up' | 'down', UsedService>;

const LANES = 8;
/** Longer than the pause between two shipments of lines, so that a round pays for the lines it wrote. */
const SHIPPED_MS = 1_500;

/** P21: what a request costs with its log lines shipped to OpenSearch, compared with the same request without. */
export const logSinkCost = async (services: SinkServices, { rounds, operations }: SinkSizes): Promise<Figure[]> => {
  const costs = { none: [] as number[], up: [] as number[], down: [] as number[] };
  for (let round = 0; round <= rounds; round += 1)
    for (const kind of ['none', 'up', 'down'] as const) costs[kind].push(await costOf(services[kind], operations));
  // The first round only warms up.
  const counted = (kind: keyof SinkServices) => costs[kind].slice(1);
  const ratio = (kind: 'up' | 'down') =>
    median(counted(kind).map((cost, round) => cost / (counted('none')[round] ?? Number.NaN)));
  const details = `GET /user, median of ${rounds} rounds of ${operations}; without it ${formatNumber(median(counted('none')))} cpu-ms`;
  const figure = { unit: '×', target: { atMost: 1.1 }, details };
  return [
    { name: 'P21 request with log lines shipped', measured: ratio('up'), ...figure },
    { name: 'P21 request with OpenSearch down', measured: ratio('down'), ...figure },
  ];
};

const costOf = ({ service, user }: UsedService, operations: number): Promise<number> =>
  cpuPerOperation(service.cpu, operations, async () => {
    await runParallel({ count: operations, lanes: LANES }, () =>
      ask(service.api, 'GET', '/user', { token: user.accessToken }),
    );
    await sleep(SHIPPED_MS);
  });
