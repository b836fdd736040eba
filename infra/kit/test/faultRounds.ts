/** How often a suite repeats a test of random timing or input: `usual` in every test run, `full` in `npm run faults`. */
export interface Rounds {
  usual: number;
  full: number;
}

/**
 * The number of rounds to run: the full count with FAULT_ROUNDS=full, a given count with a number, else the usual count.
 * @throws Error on any other value, so that a typo does not silently run the usual count
 */
export const faultRounds = ({ usual, full }: Rounds, setting = process.env.FAULT_ROUNDS): number => {
  if (setting === undefined || setting === '') return usual;
  if (setting === 'full') return full;
  const count = Number(setting);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error('FAULT_ROUNDS must be a positive integer or `full`.');
};
