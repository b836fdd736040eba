import { setImmediate as nextTurn } from 'node:timers/promises';

export interface BatchOptions {
  /**
   * When no item has come for this long after a batch, an empty batch follows, so that the consumer can finish what it has
   * put off. In ms; by default there is none.
   */
  quietMs?: number;
}

/**
 * Groups the items of a source into batches. While the consumer handles one batch, up to `limit` further items are read;
 * they are the next batch. No item waits for a timer, so a single item is handed out at once and a flood in large batches
 * (P14); only a batch that is not full waits one turn of the event loop. A slow consumer pauses the reading.
 *
 * @throws what the source throws, after the items before it.
 */
export async function* batches<T>(
  source: AsyncIterable<T>,
  limit: number,
  { quietMs }: BatchOptions = {},
): AsyncGenerator<T[], void, void> {
  let queued: T[] = [];
  let ended = false;
  let quiet = false;
  let failure: { error: unknown } | undefined;
  let notifyConsumer: () => void = () => undefined;
  let notifyReader: () => void = () => undefined;

  const readSource = async (): Promise<void> => {
    try {
      for await (const item of source) {
        if (ended) return;
        queued.push(item);
        notifyConsumer();
        while (queued.length >= limit && !ended) await new Promise<void>((resolve) => (notifyReader = resolve));
      }
    } catch (error) {
      failure = { error };
    }
    ended = true;
    notifyConsumer();
  };

  const endQuietTime = (): void => {
    quiet = true;
    notifyConsumer();
  };
  /** Resolves when there are items, the source has ended, or `maxMs` have passed. */
  const waitForItems = async (maxMs: number | undefined): Promise<void> => {
    quiet = false;
    const timer = maxMs === undefined ? undefined : setTimeout(endQuietTime, maxMs);
    while (queued.length === 0 && !ended && !quiet) await new Promise<void>((resolve) => (notifyConsumer = resolve));
    clearTimeout(timer);
  };

  const reading = readSource();
  try {
    for (let previous = 0; ; ) {
      await waitForItems(previous > 0 ? quietMs : undefined);
      if (!ended && !quiet && queued.length < limit) await nextTurn();
      if (queued.length === 0 && !quiet) break;
      const batch = queued;
      queued = [];
      notifyReader();
      previous = batch.length;
      yield batch;
    }
  } finally {
    ended = true;
    notifyReader();
  }
  await reading;
  if (failure !== undefined) throw failure.error;
}
