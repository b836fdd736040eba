import { median } from '../load/statistics.js';
import type { Figure } from '../report/figure.js';
import { type Launch, startProgram } from './startProgram.js';

/** The target, in cpu-s, is for the recommended Node. */
const TARGET = 1.5;

export interface StartOptions {
  starts: number;
  /** Such as `Node 24`. */
  label: string;
  /** How much more than the target another Node may take. */
  allowance: number;
}

/** Median CPU time of `npm start` on an existing data folder until it is ready. */
export const startCost = async (launch: Launch, { starts, label, allowance }: StartOptions): Promise<Figure> => {
  const seconds: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const program = await startProgram(launch);
    seconds.push((await program.cpu()) / 1_000);
    await program.stop();
  }
  return {
    name: `start on an existing folder, ${label}`,
    measured: median(seconds),
    unit: 'cpu-s',
    target: { atMost: TARGET * (1 + allowance) },
    details: `until ready, user + system time of npm, all services and engines; median of ${starts} starts`,
  };
};
