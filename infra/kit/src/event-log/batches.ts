import { setImmediate as turn } from 'node:timers/promises';

/**
 * Takes what has queued up: while a batch is being handled the source is read on, up to `limit` items; the next batch is
 * all of them. No timer collects anything, so a lone event is handled at once and a flood in large batches (P14); a batch
 * that is not full waits one turn of the event loop, for what comes along with it. A slow handler stops the reading.
 *
 * @throws what the source throws, after what it gave before.
 */
export async function* batches<T>(source: AsyncIterable<T>, limit: number): AsyncGenerator<T[], void, void> {
  let queued: T[] = [];
  let over = false;
  let failure: { error: unknown } | undefined;
  let arrived: () => void = () => undefined;
  let taken: () => void = () => undefined;

  const pump = async (): Promise<void> => {
    try {
      for await (const item of source) {
        if (over) return;
        queued.push(item);
        arrived();
        while (queued.length >= limit && !over) await new Promise<void>((resolve) => (taken = resolve));
      }
    } catch (error) {
      failure = { error };
    }
    over = true;
    arrived();
  };

  const pumping = pump();
  try {
    for (;;) {
      while (queued.length === 0 && !over) await new Promise<void>((resolve) => (arrived = resolve));
      if (!over && queued.length < limit) await turn();
      if (queued.length === 0) break;
      const batch = queued;
      queued = [];
      taken();
      yield batch;
    }
  } finally {
    over = true;
    taken();
  }
  await pumping;
  if (failure !== undefined) throw failure.error;
}
