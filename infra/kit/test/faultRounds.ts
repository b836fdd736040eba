/** How often a suite repeats what chance decides: `usual` in every run of the tests, `full` in `npm run faults`. */
export interface Rounds {
  usual: number;
  full: number;
}

/**
 * The rounds to run: FAULT_ROUNDS=full asks for the full count, a number for that many, nothing for the usual ones.
 * @throws on anything else, so that a slip does not pass for a run at full counts.
 */
export const faultRounds = ({ usual, full }: Rounds, asked = process.env.FAULT_ROUNDS): number => {
  if (asked === undefined || asked === '') return usual;
  if (asked === 'full') return full;
  const count = Number(asked);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error('FAULT_ROUNDS must be a count of rounds, or the word full.');
};
