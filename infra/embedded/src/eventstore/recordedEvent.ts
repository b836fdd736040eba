/** One recorded event as the log keeps it. Names and types are the bytes that came over the wire (UTF-8). */
export interface RecordedEvent {
  /** Place in the whole log: strictly rising, with gaps, as byte offsets are. Commit and prepare position are the same. */
  readonly position: bigint;
  readonly stream: Buffer;
  /** Place in its stream: 0, 1, 2 … */
  readonly revision: bigint;
  /** A UUID in its canonical form, lower case. */
  readonly id: string;
  readonly type: Buffer;
  /** Whether the content type is application/json; every other one is kept as application/octet-stream. */
  readonly json: boolean;
  /** Ticks of 100 ns since 1970. */
  readonly created: bigint;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

/** The largest position and revision there can be; whatever is asked beyond it is asked as this. */
export const largestPosition = 0x7fffffffffffffffn;
