import { setTimeout as sleep } from 'node:timers/promises';

export interface Marginal {
  /** Cpu-ms that the system uses in a second in which nothing is asked of it. */
  idle: number;
  /** As the given clock, less what being there costs anyway; only differences mean something. */
  cpu(): Promise<number>;
}

/**
 * What a system's timers and polls use is no part of what an operation costs, and would count for the more the slower the
 * machine is.
 *
 * @param ms how long to watch it idle; 0: leave nothing out.
 */
export const lessIdle = async (cpu: () => Promise<number>, ms: number): Promise<Marginal> => {
  if (ms === 0) return { idle: 0, cpu };
  const [before, since] = [await cpu(), performance.now()];
  await sleep(ms);
  const perMs = ((await cpu()) - before) / (performance.now() - since);
  return { idle: perMs * 1_000, cpu: async () => (await cpu()) - perMs * performance.now() };
};
