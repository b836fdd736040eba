import { status } from '@grpc/grpc-js';
import { largestPosition } from '../recordedEvent.js';
import type { EventPages } from '../storage/eventPages.js';
import { encodeEvent } from '../wire/encodeEvent.js';
import { lastStreamPosition, streamNotFound } from '../wire/readResponses.js';
import { StatusError } from '../wire/statusError.js';
import type { StreamRead } from './parseReadRequest.js';
import type { Responder } from './responder.js';

/** Sends the events of a stream from a revision on, that one included, or says that there is no such stream. */
export async function readStream(pages: EventPages, read: StreamRead, { send }: Responder): Promise<void> {
  const { stream, direction, wantsLastRevision } = read;
  const start = startOf(read);
  if (start === undefined || read.count === 0n)
    throw new StatusError(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  const step = direction === 'forwards' ? 1n : -1n;
  let from = start;
  let left = read.count;
  for (let last = false; !last && left > 0n && from >= 0n; ) {
    const page = await pages.stream(direction, stream, from, Number(left < 1000n ? left : 1000n));
    for (const event of page.events) {
      const full = send(encodeEvent(event, read.uuid));
      if (full !== undefined) await full;
      from = event.revision + step;
    }
    left -= BigInt(page.events.length);
    last = page.last;
  }
  if (left !== read.count && !wantsLastRevision) return;
  const lastRevision = await pages.lastRevision(stream);
  if (lastRevision === undefined) await send(streamNotFound(stream));
  else if (wantsLastRevision) await send(lastStreamPosition(lastRevision));
}

/** The first revision to read; undefined for forwards from the end, which EventStoreDB answers by an error. */
function startOf({ direction, from }: StreamRead): bigint | undefined {
  if (from === 'start') return 0n;
  if (from === 'end') return direction === 'backwards' ? largestPosition : undefined;
  return from < largestPosition ? from : largestPosition;
}
