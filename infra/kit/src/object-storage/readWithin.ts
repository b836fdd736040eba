import { Readable } from 'node:stream';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { noteWait } from '../wait.js';
import { OBJECT_STORAGE, storageFailure, UnexpectedAnswer } from './storageFailure.js';

/** All waits of one body together may take this many times as long as one of them. */
const WAITS = 5;

/**
 * The body of an answer as a stream that fails with DependencyUnavailable when the next bytes do not arrive in time, all of
 * them together take {@link WAITS} times as long, the connection breaks, or the number of bytes is another than `size`. The
 * time in which the reader does not read does not count.
 *
 * @param timeoutMs of one wait. A storage that sends little by little would pass it for ever, so the whole is limited too.
 */
export const readWithin = (body: Readable, size: number, timeoutMs: number): Readable => {
  const stream = Readable.from(chunksOf(body, size, timeoutMs), { objectMode: false });
  // A generator that was never started does not end its source.
  stream.once('close', () => body.destroy());
  return stream;
};

async function* chunksOf(body: Readable, size: number, timeoutMs: number): AsyncGenerator<Buffer> {
  const chunks = body[Symbol.asyncIterator]();
  let received = 0;
  let leftMs = WAITS * timeoutMs;
  for (;;) {
    const startedAt = performance.now();
    const { done, value } = await inTime(chunks.next(), Math.min(timeoutMs, Math.max(leftMs, 0)));
    leftMs -= performance.now() - startedAt;
    if (done) break;
    received += value.length;
    yield value;
  }
  if (received !== size) throw storageFailure(new UnexpectedAnswer(), 0);
}

const inTime = async <T>(next: Promise<T>, timeoutMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const limit = `no data within ${Math.round(timeoutMs)} ms`;
    const late = noteWait(new DependencyUnavailable(OBJECT_STORAGE), {
      dependency: OBJECT_STORAGE,
      limit,
      waitedMs: timeoutMs,
    });
    timer = setTimeout(reject, timeoutMs, late);
  });
  const startedAt = performance.now();
  try {
    return await Promise.race([next, timeout]);
  } catch (error) {
    throw storageFailure(error, performance.now() - startedAt);
  } finally {
    clearTimeout(timer);
  }
};
