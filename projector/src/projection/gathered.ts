export interface GatherOptions {
  /** At so many items a batch is full. */
  limit: number;
  /** How long after its first item a batch is handed out, with the next batch of the source. */
  ms: number;
}

/**
 * Joins the batches of a source, for a consumer whose work costs more for a batch than for its items and may be late. An empty
 * batch of the source means that it is quiet: what there is, is handed out, then the empty batch.
 *
 * @throws what the source throws; the items that were not handed out are dropped.
 */
export async function* gathered<T>(
  source: AsyncIterable<readonly T[]>,
  { limit, ms }: GatherOptions,
): AsyncGenerator<T[], void, void> {
  let items: T[] = [];
  let since = 0;
  for await (const batch of source) {
    if (items.length === 0) since = performance.now();
    items.push(...batch);
    const isQuiet = batch.length === 0;
    if (!isQuiet && items.length < limit && performance.now() - since < ms) continue;
    if (items.length > 0) yield items;
    items = [];
    if (isQuiet) yield [];
  }
  if (items.length > 0) yield items;
}
