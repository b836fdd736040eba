import { setTimeout as sleep } from 'node:timers/promises';

export interface IdleAdjusted {
  /** CPU time that the system uses in an idle second, in ms. */
  idle: number;
  /** CPU time so far minus the idle share, in ms; only differences are meaningful. */
  cpu(): Promise<number>;
}

/**
 * Measures the CPU time of an idle system (timers and polling) and subtracts it from later measurements. Otherwise it would
 * count as a cost of operations, and the more, the slower the machine is.
 *
 * @param ms how long to measure the idle system; 0 subtracts nothing
 * @param settleMs how long to wait before: what the work so far leaves behind (vacuums, garbage) is no cost of an idle system.
 */
export const withoutIdleCost = async (cpu: () => Promise<number>, ms: number, settleMs = 0): Promise<IdleAdjusted> => {
  if (ms === 0) return { idle: 0, cpu };
  await sleep(settleMs);
  const [before, since] = [await cpu(), performance.now()];
  await sleep(ms);
  const perMs = ((await cpu()) - before) / (performance.now() - since);
  return { idle: perMs * 1_000, cpu: async () => (await cpu()) - perMs * performance.now() };
};
