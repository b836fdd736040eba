import { backoffMs } from '@ums/kit/backoffMs';
import { StartRefused } from '@ums/kit/startRefused';
import { Interruption } from './interruption.js';

/** Some records of a replay, one after the other. */
export interface Part<R> {
  records: readonly R[];
  /** Where a replay continues after these records; `undefined` when there are no others. */
  after: string | undefined;
}

/** Reads a replay from a place on, from its beginning without one. */
export type ReadParts<R> = (after: string | undefined) => AsyncIterable<Part<R>>;

/** Interruptions in a row after which a replay gives up: eight minutes at most. */
const MAX_INTERRUPTIONS = 8;
const LONGEST_PAUSE_MS = 60_000;
const BACKOFF = { firstMs: 500, maxMs: 15_000 };

/**
 * Reads all parts. After an interruption it waits as long as the service asks, a minute at most, and goes on after the last part.
 * @throws StartRefused after too many interruptions without a part between them; what `pause` throws.
 */
export async function* resumed<R>(
  read: ReadParts<R>,
  begin: string | undefined,
  pause: (ms: number) => Promise<unknown>,
): AsyncGenerator<Part<R>, void, void> {
  let after = begin;
  for (let interruptions = 0; ; ) {
    try {
      for await (const part of read(after)) {
        interruptions = 0;
        yield part;
        after = part.after;
      }
      return;
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      interruptions += 1;
      if (interruptions > MAX_INTERRUPTIONS) throw new StartRefused(error.message);
      await pause(Math.min(error.retryAfterMs ?? backoffMs(interruptions, BACKOFF), LONGEST_PAUSE_MS));
    }
  }
}
