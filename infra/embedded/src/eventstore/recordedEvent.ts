/** An event in the log. Names and types are the UTF-8 bytes received from the client. */
export interface StoredEvent {
  /** Position in the whole log; rises with gaps, like the byte offsets of EventStoreDB. Both commit and prepare position. */
  readonly position: bigint;
  readonly stream: Buffer;
  /** Index in its stream: 0, 1, 2 … */
  readonly revision: bigint;
  /** A UUID in canonical form, lower case. */
  readonly id: string;
  readonly type: Buffer;
  /** Whether the content type is application/json; any other is recorded as application/octet-stream. */
  readonly json: boolean;
  /** Ticks of 100 ns since 1970. */
  readonly created: bigint;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

/** The largest position and revision (Postgres' `bigint`); greater values in requests are clamped to it. */
export const LARGEST_POSITION = 0x7fffffffffffffffn;
