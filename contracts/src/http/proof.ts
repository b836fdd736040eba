/** A stored event as it is hashed. Personal values are sealed in it, and stay so. */
export interface ProvedEventBody {
  id: string;
  stream: string;
  revision: number;
  type: string;
  data: unknown;
  metadata: unknown;
  /** The fields that are bytes, here in base64; without it both are JSON. */
  base64?: ('data' | 'metadata')[];
}

/** One event, and the proof that it is in the tree. */
export interface IncludedEventBody {
  /** Index of its leaf, from 0. */
  index: number;
  /** Where the log holds it, in decimal digits. It is not hashed. */
  position: string;
  event: ProvedEventBody;
  /** The hashes beside the way from the leaf to the root, lowest first, in base64 (RFC 6962, 2.1.1). */
  inclusion: string[];
}

/** Proof of the history of one user, which can be verified offline. */
export interface HistoryProofBody {
  format: 'ums-history-proof.v1';
  /** Signed note (C2SP tlog-checkpoint) of the tree that the events are in. */
  checkpoint: string;
  /** The events of the user's stream, then those of the user's sessions, as far as the checkpoint covers them. */
  events: IncludedEventBody[];
}

/** Proof that an event is in the tree. */
export interface InclusionProofBody {
  event: string;
  index: number;
  /** Hash of the leaf, in base64. */
  leaf: string;
  inclusion: string[];
  checkpoint: string;
}

/** Proof that a tree begins with an earlier one. */
export interface ConsistencyProofBody {
  from: number;
  to: number;
  /** Hashes in base64 (RFC 6962, 2.1.2). Empty when both are the same. */
  proof: string[];
}
