import { until } from '../../kit/test/until.js';

const LONGEST_MS = 100_000;

/** `until` for what another process does, which takes longer to start on a slow machine. For tests with as long a time-out. */
export const untilOtherProcess = (condition: () => boolean | Promise<boolean>): Promise<void> =>
  until(condition, LONGEST_MS);
