import type { ProvedEvent } from './leaf.js';

/** What `format` of a history proof says. A change that an old verifier cannot read gets a new name. */
export const HISTORY_PROOF_FORMAT = 'ums-history-proof.v1';

/** One event, and the proof that it is in the tree. */
export interface IncludedEvent {
  /** Index of its leaf, from 0. */
  index: number;
  /** Where the log holds it, decimal. Rises with the index; no hash covers it. */
  position: string;
  event: ProvedEvent;
  /** Inclusion proof (RFC 6962 §2.1.1): the hashes beside the way from the leaf to the root, lowest first, in base64. */
  inclusion: readonly string[];
}

/** The bundle of one person: the events of `user-<id>`, then those of `signin-<id>`, as one JSON text. */
export interface HistoryProof {
  format: typeof HISTORY_PROOF_FORMAT;
  /** Signed note of the tree that the events are in. */
  checkpoint: string;
  /** Revisions rise by one in each stream. `user-` begins at 0; `signin-` where its expired events end. */
  events: readonly IncludedEvent[];
}
