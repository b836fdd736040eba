import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProvedEvent } from '@ums/contracts/proof/leaf';

/** The published test vectors of proofs. They are frozen: what is once signed must verify for ever. */
export interface ProofVectors {
  leaves: { about: string; event: ProvedEvent; canonical: string; hash: string }[];
  /** Those of the tests of Certificate Transparency, the project of RFC 6962. */
  tree: { inputs: string[]; roots: string[] };
  /** Those of RFC 8785, appendix B. */
  numbers: { ieee754: string; text: string }[];
  checkpoint: { key: string; note: string };
  /** The same tree and key, with an extension line. */
  countedCheckpoint: { note: string };
}

export const proofVectors = (): ProofVectors =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../public/proof/vectors.json'), 'utf8'));
