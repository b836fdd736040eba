import { median } from '../load/statistics.js';
import type { Figure } from '../report/figure.js';
import { type Launch, startProgram } from './startProgram.js';

/** Cpu of `npm start` on a folder that it was started on before, until it says that it is ready; median of some starts. */
export const startCost = async (launch: Launch, starts: number): Promise<Figure> => {
  const seconds: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const program = await startProgram(launch);
    seconds.push((await program.cpu()) / 1_000);
    await program.stop();
  }
  return {
    name: 'ready after npm start on an existing folder',
    measured: median(seconds),
    unit: 'cpu-s',
    target: { atMost: 3 },
    how: `user+system of npm, all services and engines, median of ${starts} starts`,
  };
};
