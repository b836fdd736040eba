import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Groups the items of a source into batches. While the consumer handles one batch, up to `limit` further items are read;
 * they are the next batch. There is no timer, so a single item is handed out at once and a flood in large batches (P14);
 * only a batch that is not full waits one turn of the event loop. A slow consumer pauses the reading.
 *
 * @throws what the source throws, after the items before it.
 */
export async function* batches<T>(source: AsyncIterable<T>, limit: number): AsyncGenerator<T[], void, void> {
  let queued: T[] = [];
  let ended = false;
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

  const reading = readSource();
  try {
    for (;;) {
      while (queued.length === 0 && !ended) await new Promise<void>((resolve) => (notifyConsumer = resolve));
      if (!ended && queued.length < limit) await nextTurn();
      if (queued.length === 0) break;
      const batch = queued;
      queued = [];
      notifyReader();
      yield batch;
    }
  } finally {
    ended = true;
    notifyReader();
  }
  await reading;
  if (failure !== undefined) throw failure.error;
}
