import { withBreaker } from '@ums/kit/breaker';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { fetchFault } from '@ums/kit/transport/fetchFault';
import { noteWait } from '@ums/kit/wait';

/**
 * Port to SNS: the text behind an https URL whose host was checked.
 *
 * @returns `undefined` if there is nothing at the URL (any status but 200 that is not the fault of the server).
 * @throws DependencyUnavailable when SNS does not answer in time.
 */
export type FetchText = (url: string) => Promise<string | undefined>;

/** A request that needs SNS is still answered within 2.5 s (F-03). */
const TIMEOUT_MS = 2_000;
const MAX_BYTES = 64 * 1024;

const fetchOnce = async (signal: AbortSignal, url: string): Promise<string | undefined> => {
  const askedAt = performance.now();
  const failed = (limit: string, cause?: unknown) =>
    noteWait(new DependencyUnavailable('SNS', cause), {
      ...{ dependency: 'SNS', limit },
      waitedMs: performance.now() - askedAt,
    });
  try {
    const answer = await fetch(url, { redirect: 'manual', signal });
    if (answer.status === 200) return await boundedText(answer);
    await answer.body?.cancel();
    if (answer.status >= 500 || answer.status === 429) throw failed(`answered with status ${answer.status}`);
    return undefined;
  } catch (error) {
    throw error instanceof DependencyUnavailable ? error : failed(fetchFault(error), error);
  }
};

/** `undefined` if it is longer than 64 KiB. */
const boundedText = async (answer: Response): Promise<string | undefined> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** Follows no redirect, which could lead to another host, and reads no more than 64 KiB. */
export const createFetchText = (): FetchText =>
  withBreaker('SNS', fetchOnce, { timeoutMs: TIMEOUT_MS, isFailure: () => true });
