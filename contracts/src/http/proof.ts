/** A stored event as it is hashed. Personal values are sealed in it, and stay so. */
export interface ProvedEventBody {
  /** @format uuid */
  id: string;
  stream: string;
  /**
   * @isInt
   * @minimum 0
   */
  revision: number;
  type: string;
  data: unknown;
  metadata: unknown;
  /** The fields that are bytes, here in base64; without it both are JSON. */
  base64?: ('data' | 'metadata')[];
}

/** One event, and the proof that it is in the tree. */
export interface IncludedEventBody {
  /**
   * Index of its leaf, from 0.
   * @isLong
   * @minimum 0
   */
  index: number;
  /**
   * Where the log holds it, in decimal digits. It is not hashed.
   * @pattern ^[0-9]+$
   */
  position: string;
  event: ProvedEventBody;
  /** The hashes beside the way from the leaf to the root, lowest first, in base64 (RFC 6962, 2.1.1). */
  inclusion: string[];
}

/**
 * Proof of the history of one user, which can be verified offline.
 * @example {"format": "ums-history-proof.v1", "checkpoint": "ums/0199c0de-0000-4000-8000-000000000009\n2\ntrKVRnKDkXL51+OGl3smTGhNz5NWqbNYc0Oe7fPWkGQ=\n\n— ums/0199c0de-0000-4000-8000-000000000009 Uw2QOlbW7h8b9OaLBuU2wQ1QEJnFAdU9b2pQ0oWq4l2ZbRr2XoWm0kN1WBMt0V9Jv8Ksrk2c1B0cS3V6K5mJYb3tqgE=\n", "events": [{"index": 1, "position": "18014398509481984", "event": {"id": "0199c0de-0000-4000-8000-000000000003", "stream": "user-0199c0de-0000-4000-8000-000000000001", "revision": 0, "type": "UserSuspended", "data": {}, "metadata": {"at": "2026-01-02T12:00:00.000Z"}}, "inclusion": ["bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="]}]}
 */
export interface HistoryProofBody {
  format: 'ums-history-proof.v1';
  /** Signed note (C2SP tlog-checkpoint) of the tree that the events are in. */
  checkpoint: string;
  /** The events of the user's stream, then those of the user's sessions, as far as the checkpoint covers them. */
  events: IncludedEventBody[];
}

/**
 * Proof that an event is in the tree.
 * @example {"event": "0199c0de-0000-4000-8000-000000000003", "index": 1, "leaf": "trKVRnKDkXL51+OGl3smTGhNz5NWqbNYc0Oe7fPWkGQ=", "inclusion": ["bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="], "checkpoint": "ums/0199c0de-0000-4000-8000-000000000009\n2\ntrKVRnKDkXL51+OGl3smTGhNz5NWqbNYc0Oe7fPWkGQ=\n\n— ums/0199c0de-0000-4000-8000-000000000009 Uw2QOlbW7h8b9OaLBuU2wQ1QEJnFAdU9b2pQ0oWq4l2ZbRr2XoWm0kN1WBMt0V9Jv8Ksrk2c1B0cS3V6K5mJYb3tqgE=\n"}
 */
export interface InclusionProofBody {
  /**
   * Id of the event.
   * @format uuid
   */
  event: string;
  /**
   * Index of its leaf, from 0.
   * @isLong
   * @minimum 0
   */
  index: number;
  /** Hash of the leaf, in base64. */
  leaf: string;
  /** The hashes beside the way from the leaf to the root, lowest first, in base64 (RFC 6962, 2.1.1). */
  inclusion: string[];
  /** Signed note (C2SP tlog-checkpoint) of the tree. */
  checkpoint: string;
}

/**
 * Proof that a tree begins with an earlier one.
 * @example {"from": 1, "to": 2, "proof": ["trKVRnKDkXL51+OGl3smTGhNz5NWqbNYc0Oe7fPWkGQ="]}
 */
export interface ConsistencyProofBody {
  /**
   * Size of the earlier tree.
   * @isLong
   * @minimum 1
   */
  from: number;
  /**
   * Size of the later tree.
   * @isLong
   * @minimum 1
   */
  to: number;
  /** Hashes in base64 (RFC 6962, 2.1.2). Empty when both are the same. */
  proof: string[];
}
