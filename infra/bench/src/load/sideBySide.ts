import { median } from './statistics.js';

/** Does the same number of operations as the other side of a comparison. */
export type Side = () => Promise<number>;

export interface Compared {
  /** Median over the rounds of ours ÷ bare of one round. */
  ratio: number;
  /** Medians over the rounds. */
  ours: number;
  bare: number;
}

/**
 * Alternates two sides, so that whatever else the machine does meets both. A first round warms up and does not count.
 *
 * @param sides each does a round of its operations and gives the cpu-ms that one of them cost.
 */
export const sideBySide = async (rounds: number, ours: Side, bare: Side): Promise<Compared> => {
  const costs: { ours: number; bare: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) costs.push({ bare: await bare(), ours: await ours() });
  const counted = costs.slice(1);
  return {
    ratio: median(counted.map((cost) => cost.ours / cost.bare)),
    ours: median(counted.map((cost) => cost.ours)),
    bare: median(counted.map((cost) => cost.bare)),
  };
};

/** Cpu-ms of one operation, of `count` that `work` does. */
export const costOf = async (
  cpu: () => number | Promise<number>,
  count: number,
  work: () => Promise<void>,
): Promise<number> => {
  const before = await cpu();
  await work();
  return ((await cpu()) - before) / count;
};

/** Cpu-ms of this process. */
export const ownCpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
