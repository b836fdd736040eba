/** An answer may take minutes, and what permits it may end before. */
const EVERY_MS = 5_000;

/**
 * Passes chunks on while they are permitted.
 *
 * @param confirm called after the time has passed, before the next chunk. @throws when it is not permitted any more
 * @param everyMs @default 5 s
 * @throws what `confirm` throws, and what making a chunk throws.
 */
export async function* whilePermitted<T>(
  chunks: AsyncIterable<T>,
  confirm: () => Promise<unknown>,
  everyMs = EVERY_MS,
): AsyncGenerator<T> {
  let confirmedAt = performance.now();
  for await (const chunk of chunks) {
    if (performance.now() - confirmedAt >= everyMs) {
      await confirm();
      confirmedAt = performance.now();
    }
    yield chunk;
  }
}
