import { adversarialTexts } from './adversarialTexts.js';

/** Short ones first: an expression of exponential cost would never end with the long ones. */
const LENGTHS = [16, 20, 24, 28, 100, 1_000];
/** A collection of garbage is not the cost of an expression. */
const ATTEMPTS = 5;

/**
 * Milliseconds of CPU that an expression takes for the text that is worst for it, of those that `adversarialTexts` makes. Ends with the
 * first text that takes longer than `limitMs`.
 */
export const slowestMatch = (regex: RegExp, { length, limitMs }: { length: number; limitMs: number }): number => {
  let slowest = 0;
  for (const size of [...LENGTHS, length])
    for (const text of adversarialTexts(regex, size)) {
      slowest = Math.max(slowest, shortestRun(regex, text, limitMs));
      if (slowest > limitMs) return slowest;
    }
  return slowest;
};

const shortestRun = (regex: RegExp, text: string, limitMs: number): number => {
  let shortest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && shortest > limitMs; attempt += 1) {
    const start = process.cpuUsage();
    // With the flag g, as for the whole text; without, as for one match.
    text.replace(regex, '');
    const { user, system } = process.cpuUsage(start);
    shortest = Math.min(shortest, (user + system) / 1_000);
  }
  return shortest;
};
