import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../backoffMs.js';
import type { IndexBatch } from './bulkIndexer.js';
import type { NumberedLine, RingReader } from './lineRing.js';
import { reasonOf } from './openSearchErrors.js';

/** What the shipping thread tells the thread that writes the log. */
export type ShippingNews =
  /** The first failure after success, or one for another reason, at most once a minute; the lines wait. */
  | { kind: 'failing'; reason: string }
  /** The first success after failures. */
  | { kind: 'working' }
  /** Fields of lines have another type in the index that is written to: lines that do not fit are refused. */
  | { kind: 'unmapped'; fields: readonly string[] }
  /** Lines that OpenSearch will never accept were dropped: their number since the last such message. */
  | { kind: 'refused'; count: number; reason: string };

export interface ShipOptions {
  ring: Pick<RingReader, 'take'>;
  /** Prepares the data stream, and returns its fields of another type. Called before the first batch, and again before the first one after a failure. */
  prepare: () => Promise<readonly string[]>;
  index: IndexBatch;
  onCounted: (counted: { indexed: number; refused: number }) => void;
  onNews: (news: ShippingNews) => void;
  /** After this, what is in the ring is sent until a request fails. */
  stop: AbortSignal;
  /** @default 1 s */
  batchMs?: number;
}

const MAX_LINES = 500;
const MAX_BYTES = 1_024 * 1_024;
const BACKOFF = { firstMs: 250, maxMs: 5_000 };
/** A line about refused lines may be refused too, and two reasons of an outage may alternate. */
const REPEATED_NEWS_MS = 60_000;

/**
 * Drains a ring: one request at a time, each with at most 500 lines and 1 MB; less than 500 lines wait up to a second. A batch
 * whose request failed is kept and sent again after a pause, 250 ms to 5 s.
 *
 * @returns once the ring is empty, or a request has failed, after `stop`. Never throws.
 */
export const shipLines = async (options: ShipOptions): Promise<void> => {
  const { ring, stop, batchMs = 1_000 } = options;
  const sendBatch = batchSender(options);
  let held: NumberedLine[] = [];
  let failures = 0;
  for (;;) {
    const stopping = stop.aborted;
    const fresh = held.length === 0;
    if (fresh) held = ring.take(MAX_LINES, MAX_BYTES);
    const isPart = fresh && held.length < MAX_LINES;
    const before = held.length;
    if (before > 0) held = await sendBatch(held);
    failures = held.length === 0 ? 0 : failures + 1;
    if (stopping && (before === 0 || held.length > 0)) return;
    if (failures > 0) await pause(backoffMs(failures, BACKOFF), stop);
    else if (isPart) await pause(batchMs, stop);
  }
};

/** Sends a batch. The returned function resolves with the lines that must be sent again. */
const batchSender = ({ prepare, index, onCounted, onNews }: Omit<ShipOptions, 'ring' | 'stop'>) => {
  let prepared = false;
  /** Why requests fail, as last reported; `undefined` while they succeed. */
  let failing: string | undefined;
  let failingNewsAt = Number.NEGATIVE_INFINITY;
  let refusedSince = 0;
  let refusedReason = 'unknown';
  let refusedNewsAt = Number.NEGATIVE_INFINITY;

  const fail = (reason: string): void => {
    prepared = false;
    if (failing !== undefined && (reason === failing || performance.now() - failingNewsAt < REPEATED_NEWS_MS)) return;
    onNews({ kind: 'failing', reason });
    failing = reason;
    failingNewsAt = performance.now();
  };

  const reportRefused = (refused: number, reason: string): void => {
    refusedSince += refused;
    if (refused > 0) refusedReason = reason;
    if (refusedSince === 0 || performance.now() - refusedNewsAt < REPEATED_NEWS_MS) return;
    onNews({ kind: 'refused', count: refusedSince, reason: refusedReason });
    refusedSince = 0;
    refusedNewsAt = performance.now();
  };

  return async (lines: NumberedLine[]): Promise<NumberedLine[]> => {
    try {
      if (!prepared) {
        const fields = await prepare();
        if (fields.length > 0) onNews({ kind: 'unmapped', fields });
      }
      prepared = true;
      const { indexed, refused, reason = 'unknown', again } = await index(lines);
      onCounted({ indexed, refused });
      reportRefused(refused, reason);
      if (again.length > 0) {
        fail('overloaded');
      } else if (failing !== undefined) {
        onNews({ kind: 'working' });
        failing = undefined;
      }
      return again;
    } catch (error) {
      fail(reasonOf(error));
      return lines;
    }
  };
};

const pause = async (ms: number, stop: AbortSignal): Promise<void> => {
  if (stop.aborted) return;
  await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
};
