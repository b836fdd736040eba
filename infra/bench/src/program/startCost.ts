import { median } from '../load/statistics.js';
import type { Figure } from '../report/figure.js';
import { type Launch, startProgram } from './startProgram.js';

/** Median CPU time of `npm start` on an existing data folder until it is ready. */
export const startCost = async (launch: Launch, starts: number): Promise<Figure> => {
  const seconds: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const program = await startProgram(launch);
    seconds.push((await program.cpu()) / 1_000);
    await program.stop();
  }
  return {
    name: 'CPU of npm start on an existing folder',
    measured: median(seconds),
    unit: 'cpu-s',
    target: { atMost: 3 },
    details: `until ready, user + system time of npm, all services and engines; median of ${starts} starts`,
  };
};
