import { randomUUID } from 'node:crypto';
import { LARGEST_POSITION } from '../recordedEvent.js';
import type { StreamHead } from '../storage/eventPages.js';
import { cachedFrame, encodeEvent } from '../wire/encodeEvent.js';
import { caughtUp, confirmation } from '../wire/readResponses.js';
import { streamDeleted } from '../wire/streamErrors.js';
import type { StreamSubscription } from './parseReadRequest.js';
import type { LogReader } from './readAll.js';
import type { Responder } from './responder.js';
import { refuseTombstoned, visiblePage } from './visiblePage.js';

/**
 * Like `subscribeToAll`, for the events of one stream, which need not exist yet. Metadata hides past events only: an event
 * is sent live whatever the metadata says.
 * @throws StatusError when the stream is tombstoned, before it confirms or after it has sent the tombstone.
 */
export const subscribeToStream = async (
  eventLog: LogReader,
  request: StreamSubscription,
  to: Responder,
): Promise<void> => {
  const { pages, tail } = eventLog;
  const { stream, uuid } = request;
  const head = await pages.streamHead(stream);
  await refuseTombstoned(pages, stream, head);
  await to.send(confirmation(randomUUID()));
  const signal = to.endSignal();
  let next = startOf(request, head);

  for (;;) {
    // The head is taken before the last page is read, so the tail contains everything committed after that page.
    let position = tail.head();
    for (let last = false; !last; ) {
      position = tail.head();
      const page = await visiblePage(pages, 'forwards', stream, next, 1000);
      for (const event of page?.events ?? []) {
        const full = to.send(encodeEvent(event, uuid));
        if (full !== undefined) await full;
        next = event.revision + 1n;
      }
      last = page?.last ?? true;
    }
    await to.send(caughtUp);
    for (let events = tail.after(position); events; events = tail.after(position)) {
      for (const event of events) {
        position = event.position;
        if (event.revision < next || !event.stream.equals(stream)) continue;
        const full = to.send(cachedFrame(event, uuid));
        if (full !== undefined) await full;
        if (event.revision === LARGEST_POSITION) throw streamDeleted(stream);
        next = event.revision + 1n;
      }
      await tail.waitBeyond(position, signal);
    }
  }
};

/** @returns the first revision to send: the one after the revision in the request. */
const startOf = ({ from }: StreamSubscription, { lastRevision = -1n }: StreamHead): bigint => {
  if (from === 'start') return 0n;
  if (from === 'end') return lastRevision + 1n;
  return from < LARGEST_POSITION ? from + 1n : LARGEST_POSITION;
};
