import { status } from '@grpc/grpc-js';
import { LARGEST_POSITION } from '../recordedEvent.js';
import type { EventPages } from '../storage/eventPages.js';
import { encodeEvent } from '../wire/encodeEvent.js';
import { lastStreamPosition, streamNotFound } from '../wire/readResponses.js';
import { StatusError } from '../wire/statusError.js';
import type { StreamRead } from './parseReadRequest.js';
import type { Responder } from './responder.js';
import { visiblePage } from './visiblePage.js';

/**
 * Sends the visible events of a stream from a revision (inclusive), or `StreamNotFound`.
 * @throws StatusError when the stream is tombstoned.
 */
export const readStream = async (pages: EventPages, request: StreamRead, { send }: Responder): Promise<void> => {
  const { stream, direction, wantsLastRevision } = request;
  const start = startOf(request);
  if (start === undefined || request.count === 0n)
    throw new StatusError(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  const step = direction === 'forwards' ? 1n : -1n;
  let from = start;
  let remaining = request.count;
  let lastRevision: bigint | undefined;
  for (let last = false; !last && remaining > 0n && from >= 0n; ) {
    const page = await visiblePage(pages, direction, stream, from, Number(remaining < 1000n ? remaining : 1000n));
    // Also when the stream is soft-deleted while its pages are sent.
    if (page === undefined) break;
    for (const event of page.events) {
      const full = send(encodeEvent(event, request.uuid));
      if (full !== undefined) await full;
      from = event.revision + step;
    }
    remaining -= BigInt(page.events.length);
    ({ last, lastRevision } = page);
  }
  if (lastRevision === undefined) await send(streamNotFound(stream));
  else if (wantsLastRevision) await send(lastStreamPosition(lastRevision));
};

/** @returns the first revision to read; undefined for forwards from the end, which EventStoreDB answers with an error. */
const startOf = ({ direction, from }: StreamRead): bigint | undefined => {
  if (from === 'start') return 0n;
  if (from === 'end') return direction === 'backwards' ? LARGEST_POSITION : undefined;
  return from < LARGEST_POSITION ? from : LARGEST_POSITION;
};
