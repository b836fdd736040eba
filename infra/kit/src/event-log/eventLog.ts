import type { RecordedEvent } from '@ums/contracts/events/event';

export const NO_STREAM = 'no-stream';
/** Only for `signin-` streams, whose facts are never folded, and only with derived event ids. */
export const ANY = 'any';

/** What the writer believes of the stream: it does not exist, or its last event has this revision. */
export type ExpectedRevision = bigint | typeof NO_STREAM | typeof ANY;

/** An event as it goes to the log: stored shape, sealed. */
export interface EventToAppend {
  /** UUID; random, or derived where a repeat must meet itself. */
  id: string;
  type: string;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** Where the last event of an append stands. */
export interface Appended {
  revision: bigint;
  position: bigint;
}

/** The log as this project uses it: a port with one adapter (`connectEventLog`), over gRPC. */
export interface EventLog {
  /**
   * Appends all events or none. An unknown outcome (time-out, lost connection) is resolved by reading the stream for
   * the own event id, then retrying at the same revision, within the deadline.
   *
   * @throws WrongRevision when the stream is not where the writer believes it is.
   * @throws LogUnavailable when the log cannot be reached or the outcome stays unknown; nothing may be assumed.
   */
  append(stream: string, events: readonly EventToAppend[], expected: ExpectedRevision): Promise<Appended>;

  /** All events of one stream from a revision on (inclusive), from the leader; `[]` when there is no such stream. @throws LogUnavailable */
  readStream(stream: string, from?: bigint): Promise<RecordedEvent[]>;

  /** The next events of the whole log after a position (exclusive), system events included; at most `limit`. @throws LogUnavailable */
  readAll(after: bigint | undefined, limit: number): Promise<RecordedEvent[]>;

  /** The event at exactly this position, if there is one. Proves a checkpoint belongs to this log. @throws LogUnavailable */
  readAt(position: bigint): Promise<RecordedEvent | undefined>;

  /** Position of the last event of the whole log; `undefined` while it is empty. @throws LogUnavailable */
  head(): Promise<bigint | undefined>;

  /**
   * Follows the whole log, unfiltered, after a position (exclusive). The iterator never ends by itself: a lost, ended or
   * stalled subscription is resumed after the last event given out (F-13). One event at a time, so the reader's pace
   * is the subscription's.
   */
  follow(after: bigint | undefined, options: FollowOptions): AsyncIterableIterator<RecordedEvent>;
}

export interface FollowOptions {
  signal: AbortSignal;
}

/** The stream is at another revision than the writer believed: load and decide again, or answer 412. */
export class WrongRevision extends Error {
  override readonly name = 'WrongRevision';

  constructor(
    readonly stream: string,
    readonly actual: bigint | typeof NO_STREAM | undefined,
  ) {
    super('the stream is at another revision than expected');
  }
}

/** The log did not answer in time, or not at all. The caller answers 503; nothing was acknowledged. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';

  constructor(cause?: unknown) {
    super('the event log is unavailable', { cause });
  }
}
