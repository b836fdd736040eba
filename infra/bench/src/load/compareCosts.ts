import { median } from './statistics.js';

/** Runs one round of operations. @returns CPU time of one operation, in ms */
export type MeasureRound = () => Promise<number>;

export interface Comparison {
  /** Median of `ours / baseline` of each round. */
  ratio: number;
  /** Medians over the rounds. */
  ours: number;
  baseline: number;
}

/** Alternates rounds of two measurements, so that other load on the machine affects both. A first round only warms up. */
export const compareCosts = async (rounds: number, ours: MeasureRound, baseline: MeasureRound): Promise<Comparison> => {
  const costs: { ours: number; baseline: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) costs.push({ baseline: await baseline(), ours: await ours() });
  const counted = costs.slice(1);
  return {
    ratio: median(counted.map((cost) => cost.ours / cost.baseline)),
    ours: median(counted.map((cost) => cost.ours)),
    baseline: median(counted.map((cost) => cost.baseline)),
  };
};

/** CPU time in ms of one of the `count` operations that `work` runs. @param cpu CPU time so far, in ms */
export const cpuPerOperation = async (
  cpu: () => number | Promise<number>,
  count: number,
  work: () => Promise<void>,
): Promise<number> => {
  const before = await cpu();
  await work();
  return ((await cpu()) - before) / count;
};

/** CPU time of this process so far, in ms. */
export const ownCpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
