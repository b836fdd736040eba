import type { RecordedEvent } from '@ums/contracts/events/event';

/** The stream does not exist. */
export const NO_STREAM = 'no-stream';
/** Appends at any revision. Only for streams that no decision is made on, and only with derived event ids. */
export const ANY = 'any';

/** The state of the stream that the writer decided on: it does not exist, or its last event has this revision. */
export type ExpectedRevision = bigint | typeof NO_STREAM | typeof ANY;

/** An event in its stored shape, sealed. */
export interface EventToAppend {
  /** UUID: random, or derived when a repeated append must produce the same id. */
  id: string;
  type: string;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** Revision and position of the last event of an append. */
export interface Appended {
  revision: bigint;
  position: bigint;
}

/** The event log as this project uses it: a port with one adapter (`connectEventLog`), over gRPC. */
export interface EventLog {
  /**
   * Appends all events or none. When the outcome is unknown (time-out, lost connection), the adapter looks for the event
   * ids in the stream and retries at the same revision, within the deadline.
   *
   * @throws WrongRevision when the stream is not at the expected revision.
   * @throws StreamDeleted when an operator has deleted the stream for good.
   * @throws LogUnavailable when the log cannot be reached or the outcome stays unknown: the events may have been written.
   */
  append(stream: string, events: readonly EventToAppend[], expected: ExpectedRevision): Promise<Appended>;

  /**
   * Hides the events of a stream that are older than `seconds`, a positive whole number, from reads of the stream, those to
   * come included. The log may delete them some day. The whole log still has them until then, and revisions continue. Has no
   * effect on a stream with metadata, so that a repeat is harmless and metadata set by an operator stays; except where they are
   * nothing but one of the ages in `replaced`, in seconds.
   *
   * @throws LogUnavailable: the age may have been set.
   */
  setMaxAge(stream: string, seconds: number, replaced?: readonly number[]): Promise<void>;

  /**
   * All events of a stream from a revision on (inclusive), from the leader, but those hidden by {@link setMaxAge}; `[]` when the
   * stream does not exist, or was deleted for good. @throws LogUnavailable
   */
  readStream(stream: string, from?: bigint): Promise<RecordedEvent[]>;

  /**
   * A part of a stream, from the leader: at most `limit` events, from a revision on (inclusive), or backwards from it or from the
   * last event. `[]` when there are none. @throws LogUnavailable
   */
  readPart(stream: string, part: StreamPart): Promise<RecordedEvent[]>;

  /** At most `limit` events of the whole log after a position (exclusive), system events included. @throws LogUnavailable */
  readAll(after: bigint | undefined, limit: number): Promise<RecordedEvent[]>;

  /**
   * The positions of the events of the whole log from `after` (exclusive) to `upTo` (inclusive), in order. Followers that check what
   * they were delivered share what is read for them. @throws LogUnavailable
   */
  positions(after: bigint | undefined, upTo: bigint): Promise<bigint[]>;

  /** The event at exactly this position, if there is one. Proves that a checkpoint belongs to this log. @throws LogUnavailable */
  readAt(position: bigint): Promise<RecordedEvent | undefined>;

  /** Position of the last event of the whole log; `undefined` while the log is empty. @throws LogUnavailable */
  head(): Promise<bigint | undefined>;

  /**
   * Follows the whole log, unfiltered, after a position (exclusive), until the signal aborts. A lost, ended or stalled
   * subscription is resumed after the newest event yielded (F-13). Events come one at a time. A slow reader costs no memory:
   * what it has not reached is read from the log again.
   *
   * An event may come again, after newer ones, or never, where the server delivers it so. Revisions tell of a loss only in
   * a stream that goes on, so followers read behind themselves.
   */
  follow(after: bigint | undefined, options: FollowOptions): AsyncIterableIterator<RecordedEvent>;
}

export interface StreamPart {
  /** @default the first event, or backwards the last one */
  from?: bigint;
  /** A `limit` below 1 reads nothing. */
  limit: number;
  /** Newest first. @default false */
  isBackwards?: boolean;
}

export interface FollowOptions {
  signal: AbortSignal;
  /**
   * Called before the events of a page are yielded. A page is read from the log: between the positions `after` (exclusive) and
   * `upTo` (inclusive), no event is missing and none is out of order.
   */
  onPage?: (after: bigint | undefined, upTo: bigint) => void;
}

/** Another writer changed the stream first: load and decide again, or answer 412. */
export class WrongRevision extends Error {
  override readonly name = 'WrongRevision';

  /** @param actual `undefined` when only known to differ from `expected`. */
  constructor(
    readonly stream: string,
    expected: ExpectedRevision,
    readonly actual: bigint | typeof NO_STREAM | undefined,
  ) {
    super(`expected ${expectedText(expected)}, stream ${actualText(actual)}`);
  }
}

const expectedText = (expected: ExpectedRevision): string => {
  if (expected === NO_STREAM) return 'no stream';
  return expected === ANY ? 'any revision' : `revision ${expected}`;
};

const actualText = (actual: WrongRevision['actual']): string => {
  if (actual === NO_STREAM) return 'does not exist';
  return actual === undefined ? 'is at another revision' : `is at ${actual}`;
};

/** An operator has deleted the stream for good through the API of the log: nothing can be appended to it any more. */
export class StreamDeleted extends Error {
  override readonly name = 'StreamDeleted';

  constructor(readonly stream: string) {
    super('the stream was deleted for good');
  }
}

/** The log did not answer in time, or not at all. The caller answers 503; an append may have been written. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';

  constructor(cause?: unknown) {
    super('the event log is unavailable', { cause });
  }
}
