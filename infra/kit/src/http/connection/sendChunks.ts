import { once } from 'node:events';
import type { Response } from 'express';
import { breakOff } from './breakOff.js';
import { onceClosed } from './onceClosed.js';
import { removeAwaited } from './othersFirst.js';

/** A client that takes nothing for this long has its connection closed: it would hold a stream that others wait for. */
const STALL_MS = 30_000;

/**
 * Sends chunks with back-pressure: the next chunk is made once the client has taken the one before, so a slow client costs the
 * memory of one. Ends early, without error, when the client disconnects or stalls. What makes the chunks lets other requests
 * go first, see `othersFirst`.
 *
 * @param stallMs how long the client may take nothing. @default 30 s
 * @throws what making a chunk throws; the response is then incomplete.
 */
export const sendChunks = async (
  response: Response,
  chunks: AsyncIterable<string | Uint8Array>,
  stallMs: number = STALL_MS,
): Promise<void> => {
  const gone = new AbortController();
  const stopWatching = onceClosed(response, () => gone.abort());
  if (gone.signal.aborted) return;
  removeAwaited(response);
  try {
    for await (const chunk of chunks) {
      if (gone.signal.aborted) return;
      if (!response.write(chunk) && !(await isTaken(response, gone.signal, stallMs))) return breakOff(response);
    }
    response.end();
  } finally {
    stopWatching();
  }
};

/** Whether the client has taken what was written, before it left and in time. */
const isTaken = async (response: Response, gone: AbortSignal, ms: number): Promise<boolean> => {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), ms);
  const signal = AbortSignal.any([gone, stalled.signal]);
  try {
    await once(response, 'drain', { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    clearTimeout(timer);
  }
};
