import type { RunningEngines } from '@ums/embedded/startEngines';
import { cpuPerOperation } from '../load/compareCosts.js';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { flushWrites } from '../load/flushWrites.js';
import { median } from '../load/statistics.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { DIRECTORY_READS, type DirectoryRead, directoryReads } from './directoryReads.js';
import { type Directory, openDirectory } from './openDirectory.js';
import { seedUsers } from './seedUsers.js';

export interface DirectorySizes {
  /** Users that the costs are compared between. */
  few: number;
  many: number;
  rounds: number;
  /** Reads of each kind in a round. */
  reads: number;
}

type Costs = Record<DirectoryRead, number>;

/**
 * P7, P8 and P20: CPU time of reads of the directory, in this process and in Postgres, without HTTP. Users are put straight into
 * the read model.
 *
 * @param engines whose databases have no users yet
 */
export const directoryFigures = async (
  engines: Pick<RunningEngines, 'usersFor' | 'postgres'>,
  { few, many, rounds, reads }: DirectorySizes,
): Promise<Figure[]> => {
  const directory = await openDirectory(engines.usersFor('projector'));
  try {
    await seedUsers(directory.pool, 0, few);
    await flushWrites(engines.postgres);
    const small = await costsOf(directory, few, { rounds, reads });
    await seedUsers(directory.pool, few, many - few);
    await flushWrites(engines.postgres);
    const large = await costsOf(directory, many, { rounds, reads });
    const grown = DIRECTORY_READS.map((read) => ({
      name: `P20 ${read}`,
      measured: large[read] / small[read],
      unit: `× that of ${few} users`,
      target: { atMost: 1.3 },
      details: `${formatNumber(large[read])} cpu-ms with ${many} users, compared with ${formatNumber(small[read])}; median of ${rounds} rounds of ${reads} reads`,
    }));
    return [
      {
        name: 'P7 deep page',
        measured: large['deep page'] / large['first page'],
        unit: '× first page',
        target: { atMost: 1.2 },
        details: `pages of 50 of ${many} users, behind nine tenths of them`,
      },
      {
        name: 'P8 first page',
        measured: large['first page'],
        unit: 'cpu-ms',
        target: { atMost: 0.6 },
        details: `pages of 50 of ${many} users, without HTTP`,
      },
      ...grown,
    ];
  } finally {
    await directory.close();
  }
};

const costsOf = async (
  directory: Directory,
  users: number,
  { rounds, reads }: Pick<DirectorySizes, 'rounds' | 'reads'>,
): Promise<Costs> => {
  const all = await directoryReads(directory, users);
  const measured: Costs[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const costs = {} as Costs;
    for (const read of DIRECTORY_READS)
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
  return Object.fromEntries(
    DIRECTORY_READS.map((read) => [read, median(counted.map((costs) => costs[read]))]),
  ) as Costs;
};
