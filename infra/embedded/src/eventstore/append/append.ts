/** `any`: not checked. `stream_exists`: the stream has events or metadata. A bigint: the revision of the stream's last event. */
export type AppendCondition = 'any' | 'no_stream' | 'stream_exists' | bigint;

export interface ProposedEvent {
  readonly id: string;
  readonly type: Buffer;
  readonly json: boolean;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

/** One call of Append, Delete or Tombstone; its events are written all or none. */
export interface Append {
  readonly stream: Buffer;
  readonly expected: AppendCondition;
  readonly events: readonly ProposedEvent[];
  /**
   * Of Delete and Tombstone. Their only event goes to the metadata stream (`softly`), or to the largest revision of the
   * stream, after which nothing can be appended (`forever`).
   */
  readonly deletes?: 'softly' | 'forever';
}

export interface AppendWritten {
  readonly written: true;
  /** Revision of the last event; undefined after an empty append to a missing stream. */
  readonly revision: bigint | undefined;
  readonly position: bigint;
}

export interface AppendRefused {
  readonly written: false;
  /** Revision of the stream's last event; undefined when the stream does not exist. */
  readonly actual: bigint | undefined;
}

/** The stream is tombstoned, or is soft-deleted and was expected to exist. */
export type StreamIsDeleted = 'stream deleted';

export type AppendOutcome = AppendWritten | AppendRefused | StreamIsDeleted;
