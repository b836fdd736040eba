import { userStream } from '@ums/contracts/streams';
import { NOW } from '@ums/query-api/history/moment';
import { ownPastProfile } from '@ums/query-api/history/pastProfile';
import { ownHistory } from '@ums/query-api/history/userHistory';
import { atLast } from '../load/atLast.js';
import { compareCosts, cpuPerOperation } from '../load/compareCosts.js';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { type Figure, formatNumber } from '../report/figure.js';
import type { UseCases } from '../use-cases/openUseCases.js';
import { seedLongHistory } from './seedLongHistory.js';

export interface HistorySizes {
  /** Events of the user whose history is read. */
  events: number;
  rounds: number;
  /** Reads of each kind in a round. */
  reads: number;
}

const LIMIT = 50;

/**
 * P24: CPU time of reading a history in clear, in this process, in the log server and in Postgres, without HTTP. Compared with a
 * bare read of all events of the user, because a profile is folded from all of them.
 */
export const historyFigures = async (
  { deps }: UseCases,
  { events, rounds, reads }: HistorySizes,
): Promise<Figure[]> => {
  const userId = await atLast(() => seedLongHistory(deps, events));
  const cost = (read: () => Promise<unknown>) => () =>
    cpuPerOperation(
      () => cpuOfTree(process.pid),
      reads,
      async () => {
        for (let turn = 0; turn < reads; turn += 1) await atLast(read);
      },
    );
  const bare = cost(() => deps.eventLog.readStream(userStream(userId)));
  const figure = async (name: string, read: () => Promise<unknown>): Promise<Figure> => {
    const { ours, baseline } = await compareCosts(rounds, cost(read), bare);
    return {
      name,
      measured: Math.max(ours - baseline, 0),
      unit: 'cpu-ms over a bare read',
      target: { atMost: 3 },
      details: `${formatNumber(ours)} cpu-ms, compared with ${formatNumber(baseline)} for a bare read of the same ${events} events; median of ${rounds} rounds of ${reads} reads, without HTTP`,
    };
  };
  return [
    await figure(`P24 history page of ${LIMIT}`, () => ownHistory(deps, userId, { limit: LIMIT, order: 'desc' })),
    await figure('P24 profile as of a moment', () => ownPastProfile(deps, userId, NOW)),
  ];
};
