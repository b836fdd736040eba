import { whyUnavailable } from '@ums/engines/install/installEngine';
import { KAFKA } from '@ums/engines/kafka/startKafka';
import { OPENSEARCH } from '@ums/engines/openSearch/startOpenSearch';
import { BENCH_PARTS, type BenchPart } from './bench.js';

export interface ChosenParts {
  parts: readonly BenchPart[];
  /** What to tell the reader of the run: a part that is left out and why, or an argument that names no part. */
  notes: readonly string[];
}

/**
 * Chooses the parts of the bench to run: those that the arguments name, otherwise all that this machine can run.
 *
 * @param words arguments of the command.
 * @param whyMissing why the real engines cannot run here; nothing if they can.
 */
export const chooseParts = (
  words: readonly string[],
  whyMissing: () => readonly string[] = missingEngines,
): ChosenParts => {
  const unknown = words.find((word) => !(BENCH_PARTS as readonly string[]).includes(word));
  if (unknown !== undefined)
    return { parts: [], notes: [`The bench has no part ${JSON.stringify(unknown)}, only ${BENCH_PARTS.join(', ')}.`] };
  if (words.length > 0) return { parts: BENCH_PARTS.filter((part) => words.includes(part)), notes: [] };
  const missing = whyMissing();
  if (missing.length === 0) return { parts: BENCH_PARTS, notes: [] };
  return {
    parts: BENCH_PARTS.filter((part) => part !== 'engines'),
    notes: [`The part engines is left out. ${missing.join(' ')}`],
  };
};

const missingEngines = (): string[] => [
  ...new Set([KAFKA, OPENSEARCH].flatMap((recipe) => whyUnavailable(recipe) ?? [])),
];
