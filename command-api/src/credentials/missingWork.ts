const BCRYPT = /^\$2[ab]\$(\d\d)\$/;

/**
 * The work of the current bcrypt cost that the verification of an older hash left out. Without it, the time of a wrong
 * password tells which addresses have an account whose hash is older than the last change of `PASSWORD_HASH` (E-02).
 *
 * A hash of cost `c` takes 2^c rounds. So one of each cost from that of the older hash up to the one below the current cost
 * adds exactly what is missing. A hash of another algorithm, or of a higher cost, has nothing that could be added.
 *
 * @param stored the hash that was verified, in modular crypt format.
 * @param decoy of the current scheme.
 * @returns decoys to verify against, cheapest first; none if the hash is not a bcrypt hash below the current cost.
 */
export const missingWork = (stored: string, decoy: string): string[] => {
  const [from, to] = [costOf(stored), costOf(decoy)];
  if (from === undefined || to === undefined) return [];
  const costs = Array.from({ length: Math.max(0, to - from) }, (_, index) => String(from + index).padStart(2, '0'));
  return costs.map((cost) => `$2b$${cost}$${decoy.slice('$2b$00$'.length)}`);
};

const costOf = (hash: string): number | undefined => {
  const cost = BCRYPT.exec(hash)?.[1];
  return cost === undefined ? undefined : Number(cost);
};
