import type { RunningEngines } from '@ums/embedded/startEngines';
import { cpuPerOperation } from '../load/compareCosts.js';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { flushWrites } from '../load/flushWrites.js';
import { median } from '../load/statistics.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { FEED_READS, type FeedRead, feedReads } from './feedReads.js';
import { type Feed, openFeed } from './openFeed.js';
import { seedEvents } from './seedEvents.js';

export interface FeedSizes {
  /** Events that the costs are compared between. */
  few: number;
  many: number;
  rounds: number;
  /** Reads of each kind in a round. */
  reads: number;
}

type Costs = Record<FeedRead, number>;

/**
 * P25: CPU time of pages of the feed of events, in this process and in Postgres, without HTTP. Events are put there by SQL.
 *
 * @param engines whose databases have no events yet
 */
export const feedFigures = async (
  engines: Pick<RunningEngines, 'usersFor' | 'postgres'>,
  { few, many, rounds, reads }: FeedSizes,
): Promise<Figure[]> => {
  const feed = await openFeed(engines.usersFor('projector'));
  try {
    await seedEvents(feed.pool, 0, few);
    await flushWrites(engines.postgres);
    const small = await costsOf(feed, few, { rounds, reads });
    await seedEvents(feed.pool, few, many - few);
    await flushWrites(engines.postgres);
    const large = await costsOf(feed, many, { rounds, reads });
    return FEED_READS.map((read) => ({
      name: `P25 feed: ${read}`,
      measured: large[read] / small[read],
      unit: `× that of ${few} events`,
      target: { atMost: 1.3 },
      details: `${formatNumber(large[read])} cpu-ms with ${many} events, compared with ${formatNumber(small[read])}; median of ${rounds} rounds of ${reads} reads`,
    }));
  } finally {
    await feed.close();
  }
};

const costsOf = async (feed: Feed, events: number, { rounds, reads }: Pick<FeedSizes, 'rounds' | 'reads'>) => {
  const all = await feedReads(feed, events);
  const measured: Costs[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const costs = {} as Costs;
    for (const read of FEED_READS)
      costs[read] = await cpuPerOperation(
        () => cpuOfTree(process.pid),
        reads,
        async () => {
          for (let turn = 0; turn < reads; turn += 1) await all[read](turn);
        },
      );
    measured.push(costs);
  }
  // The first round only warms up.
  const counted = measured.slice(1);
  return Object.fromEntries(FEED_READS.map((read) => [read, median(counted.map((costs) => costs[read]))])) as Costs;
};
